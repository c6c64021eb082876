// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.channel;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.config.value.TlsSettings;
import org.memjcache.internal.config.value.TlsSettings.Verification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks TLS with the servers of one cluster. The files of certificates are read for each
 * connection, so that it is made with those that are there now; if these aren't right, with the
 * last that were.
 *
 * <p>Thread-safe.
 */
public final class Tls {

  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

  private static final String LIBRARY = "com.github.marianobarrios:tls-channel:0.10.1";

  private final TlsSettings settings;
  private final TlsFailures failures;

  /** No two connections have the same: by host and port the JDK would take up an older session. */
  private final AtomicInteger sessions = new AtomicInteger();

  // Guarded by this.
  private @Nullable TlsKeys keys;
  private SSLContext context;
  private String lastProblem = "";

  /**
   * Reads the files.
   *
   * @throws InvalidConfigurationException if a file or a cipher isn't right, or the library that
   *     TLS takes is not there
   */
  public Tls(TlsSettings settings) {
    requireLibrary();
    this.settings = settings;
    this.failures = new TlsFailures(settings);
    SSLContext given = settings.context();
    if (given == null) {
      TlsKeys read = TlsKeys.read(settings);
      this.keys = read;
      this.context = read.context(settings);
    } else {
      this.context = given;
    }
    requireCiphers();
  }

  private static void requireLibrary() {
    try {
      Class.forName("tlschannel.ClientTlsChannel", false, Tls.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw invalid(
          "option 'tls' is true, but the library tls-channel is not on the class path; add %s",
          LIBRARY);
    }
  }

  private void requireCiphers() {
    List<String> supported = List.of(context.getSupportedSSLParameters().getCipherSuites());
    for (String cipher : settings.ciphers()) {
      if (!supported.contains(cipher)) {
        throw invalid(
            "option 'tls.ciphers' has '%s', which this JDK doesn't know; expected some of %s",
            cipher, String.join(", ", new TreeSet<>(supported)));
      }
    }
  }

  /**
   * Does the handshake over a connected socket.
   *
   * @param host what the certificate of the server is for
   * @param deadline of all of it, by {@link System#nanoTime}
   * @throws TlsException if it can't be, or not with this server; whatever is thrown, the socket is
   *     to be closed
   */
  public ServerChannel over(SocketChannel socket, String host, long deadline) throws IOException {
    return TlsChannel.over(socket, engine(host.replaceFirst("\\.$", "")), failures, deadline);
  }

  private SSLEngine engine(String host) {
    SSLEngine engine = current().createSSLEngine(host, sessions.incrementAndGet());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(settings.protocols().toArray(String[]::new));
    if (!settings.ciphers().isEmpty()) {
      parameters.setCipherSuites(settings.ciphers().toArray(String[]::new));
    }
    if (settings.verify() == Verification.HOSTNAME) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the name for RFC 2818
    }
    if (!ServerAddress.isLiteral(host)) { // no server is asked for an address
      nameServer(parameters, host);
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** The JDK does this by itself only for names with a dot. */
  private static void nameServer(SSLParameters parameters, String host) {
    try {
      parameters.setServerNames(List.of(new SNIHostName(host)));
    } catch (IllegalArgumentException e) {
      LOG.trace("{} is no name that TLS can ask for", host, e); // with an underscore, say
    }
  }

  /** Returns what the files say now, or else what they said last when they were right. */
  private synchronized SSLContext current() {
    TlsKeys before = keys;
    if (before == null) {
      return context;
    }
    try {
      TlsKeys now = TlsKeys.read(settings);
      if (!now.isSameAs(before)) {
        context = now.context(settings);
        keys = now;
        LOG.info("The certificates of {} were replaced", settings);
      }
      lastProblem = "";
    } catch (InvalidConfigurationException e) {
      String problem = String.valueOf(e.getMessage());
      if (!problem.equals(lastProblem)) {
        LOG.warn("The former certificates are used on: {}", problem);
        lastProblem = problem;
      }
    }
    return context;
  }
}
