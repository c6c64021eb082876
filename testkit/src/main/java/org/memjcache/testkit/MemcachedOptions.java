// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.memjcache.testkit.server.Login;
import org.memjcache.testkit.server.ServerSettings;
import org.memjcache.testkit.server.ServerTls;

/**
 * What can be said about memcached servers before they are started. What isn't said is left to
 * memcached: 64 megabytes, items up to one megabyte, four threads.
 *
 * <p>Not thread safe.
 *
 * @param <B> the builder itself
 */
public abstract sealed class MemcachedOptions<B extends MemcachedOptions<B>>
    permits MemcachedServer.Builder, MemcachedCluster.Builder, MemcachedExtension.Builder {

  private static final Pattern SIZE = Pattern.compile("[1-9]\\d*[kKmM]?");
  private static final Set<String> SET_BY_THE_TEST_KIT =
      Set.of("-p", "-l", "-U", "-u", "-s", "-d", "-P", "-Y", "-S", "-Z");

  private OptionalInt memoryMegabytes = OptionalInt.empty();
  private Optional<String> maxItemSize = Optional.empty();
  private OptionalInt threads = OptionalInt.empty();
  private final List<String> options = new ArrayList<>();
  private Optional<Login> login = Optional.empty();
  private Optional<TestCertificate> tls = Optional.empty();
  private Optional<TestAuthority> tlsClients = Optional.empty();

  MemcachedOptions() {}

  /**
   * Sets the memory for items, memcached's {@code -m}.
   *
   * @param megabytes at least 1
   * @return this builder
   * @throws IllegalArgumentException if it is less
   */
  public final B memoryMegabytes(int megabytes) {
    memoryMegabytes = OptionalInt.of(atLeastOne("memoryMegabytes", megabytes));
    return self();
  }

  /**
   * Sets the size of the largest item, memcached's {@code -I}. At most half of the memory.
   *
   * @param size bytes, or with the letter {@code k} or {@code m} kilobytes or megabytes, such as
   *     {@code 2m}
   * @return this builder
   * @throws IllegalArgumentException if it is anything else
   */
  public final B maxItemSize(String size) {
    if (!SIZE.matcher(size).matches()) {
      throw new IllegalArgumentException(
          "maxItemSize: expected a number of bytes such as 524288, 512k or 2m, got: " + size);
    }
    maxItemSize = Optional.of(size);
    return self();
  }

  /**
   * Sets the number of worker threads, memcached's {@code -t}.
   *
   * @param count at least 1
   * @return this builder
   * @throws IllegalArgumentException if it is less
   */
  public final B threads(int count) {
    threads = OptionalInt.of(atLeastOne("threads", count));
    return self();
  }

  /**
   * Adds arguments to memcached's command line, such as {@code option("-X")} or {@code option("-o",
   * "no_lru_crawler")}. May be called several times.
   *
   * @param arguments as memcached takes them, each a word of its own
   * @return this builder
   * @throws IllegalArgumentException for address, port, socket, user, daemon, login and TLS
   *     options, which the test kit sets itself
   */
  public final B option(String... arguments) {
    for (String argument : arguments) {
      if (SET_BY_THE_TEST_KIT.contains(argument)) {
        throw new IllegalArgumentException(
            "option: the test kit sets memcached's %s itself".formatted(argument));
      }
    }
    options.addAll(List.of(arguments));
    return self();
  }

  /**
   * Lets nobody in but this user, by the text protocol's authentication, memcached's {@code -Y}.
   *
   * <p>Only memcached as a process of this machine can be started so: a server in Docker and those
   * of {@code MEMJCACHE_TEST_SERVERS} throw {@link UnsupportedOperationException} on starting.
   *
   * @param user without blanks and colons
   * @param password without line ends
   * @return this builder
   */
  public final B textLogin(String user, String password) {
    login = Optional.of(new Login(Login.Way.TEXT, user, password));
    return self();
  }

  /**
   * Lets nobody in but this user, by SASL's mechanism PLAIN, memcached's {@code -S}. The server
   * speaks nothing but the binary protocol then, so {@link MemcachedServer#command} and {@link
   * MemcachedServer#stats()} throw {@link UnsupportedOperationException}.
   *
   * <p>Besides what {@link #textLogin} says this takes {@code saslpasswd2}, from the {@code PATH}
   * or from the packages of Debian or Ubuntu; without it starting throws {@link
   * UnsupportedOperationException}, too.
   *
   * @param user a name
   * @param password a password
   * @return this builder
   */
  public final B saslLogin(String user, String password) {
    login = Optional.of(new Login(Login.Way.SASL, user, password));
    return self();
  }

  /**
   * Lets the server speak TLS and nothing else, memcached's {@code -Z}, with a certificate for
   * {@code localhost} and {@code 127.0.0.1} that {@link TestAuthority#shared()} has issued.
   *
   * <p>Only memcached as a process of this machine can be started so, and only if it was built with
   * TLS, as those of Debian and Ubuntu are; otherwise starting throws {@link
   * UnsupportedOperationException}.
   *
   * @return this builder
   */
  public final B tls() {
    return tls(SharedCertificates.SERVER);
  }

  /**
   * Lets the server speak TLS and nothing else, as {@link #tls()} does, with another certificate.
   *
   * @param certificate what the server shows
   * @return this builder
   */
  public final B tls(TestCertificate certificate) {
    tls = Optional.of(certificate);
    return self();
  }

  /**
   * Lets the server demand a certificate of its clients. It speaks TLS then, as by {@link #tls()}
   * if nothing else is said.
   *
   * @param authority whose certificates it accepts
   * @return this builder
   */
  public final B tlsClients(TestAuthority authority) {
    tlsClients = Optional.of(authority);
    return tls.isPresent() ? self() : tls();
  }

  abstract B self();

  final ServerSettings settings() {
    return new ServerSettings(
        memoryMegabytes, maxItemSize, threads, List.copyOf(options), login, serverTls());
  }

  private Optional<ServerTls> serverTls() {
    return tls.map(
        server ->
            new ServerTls(
                server.certificate(),
                server.key(),
                server.authority(),
                tlsClients.map(
                    authority -> {
                      TestCertificate client = authority.issue("a client");
                      return new ServerTls.Clients(
                          authority.certificate(),
                          client.certificate(),
                          client.key(),
                          client.keyStore(),
                          TestCertificate.PASSWORD);
                    })));
  }

  private static final class SharedCertificates {
    static final TestCertificate SERVER =
        TestAuthority.shared().issue("localhost", "localhost", "127.0.0.1", "::1");
  }

  static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s: expected at least 1, got: %d".formatted(name, value));
    }
    return value;
  }
}
