// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a memcached is to be started. What is empty is left to memcached's own default.
 *
 * @param memoryMegabytes memory for items in megabytes ({@code -m})
 * @param maxItemSize the largest item as memcached takes it, such as {@code 2m} ({@code -I})
 * @param threads worker threads ({@code -t})
 * @param options further command line arguments, in order; immutable
 * @param login whom it lets in; empty if everybody
 * @param tls how it speaks TLS; empty if it doesn't
 * @param listen the address and port it listens on; empty for a free port of 127.0.0.1
 */
public record ServerSettings(
    OptionalInt memoryMegabytes,
    Optional<String> maxItemSize,
    OptionalInt threads,
    List<String> options,
    Optional<Login> login,
    Optional<ServerTls> tls,
    Optional<InetSocketAddress> listen) {

  /**
   * Makes settings of a server that listens on a free port of 127.0.0.1.
   *
   * @param memoryMegabytes memory for items in megabytes ({@code -m})
   * @param maxItemSize the largest item as memcached takes it, such as {@code 2m} ({@code -I})
   * @param threads worker threads ({@code -t})
   * @param options further command line arguments, in order; immutable
   * @param login whom it lets in; empty if everybody
   * @param tls how it speaks TLS; empty if it doesn't
   */
  public ServerSettings(
      OptionalInt memoryMegabytes,
      Optional<String> maxItemSize,
      OptionalInt threads,
      List<String> options,
      Optional<Login> login,
      Optional<ServerTls> tls) {
    this(memoryMegabytes, maxItemSize, threads, options, login, tls, Optional.empty());
  }

  /** {@return settings that leave everything to memcached} */
  public static ServerSettings defaults() {
    return new ServerSettings(
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * {@return the same for a server that listens somewhere else}
   *
   * @param address an address of this machine, and a port
   */
  public ServerSettings listeningOn(InetSocketAddress address) {
    return new ServerSettings(
        memoryMegabytes, maxItemSize, threads, options, login, tls, Optional.of(address));
  }

  /**
   * {@return the command line arguments for these settings, without address and port, and without
   * what the login needs}
   */
  public List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    memoryMegabytes.ifPresent(megabytes -> arguments.addAll(pair("-m", megabytes)));
    maxItemSize.ifPresent(size -> arguments.addAll(pair("-I", size)));
    threads.ifPresent(count -> arguments.addAll(pair("-t", count)));
    arguments.addAll(options);
    tls.ifPresent(speaks -> arguments.addAll(speaks.arguments()));
    return List.copyOf(arguments);
  }

  private static List<String> pair(String option, Object value) {
    return List.of(option, value.toString());
  }
}
