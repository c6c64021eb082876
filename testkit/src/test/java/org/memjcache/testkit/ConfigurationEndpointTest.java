// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.memjcache.testkit.server.ServerTls;
import org.memjcache.testkit.server.TextConnection;

class ConfigurationEndpointTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static TextConnection connect(ConfigurationEndpoint endpoint, Duration patience)
      throws IOException {
    return TextConnection.open("127.0.0.1", port(endpoint), patience);
  }

  private static int port(ConfigurationEndpoint endpoint) {
    return Integer.parseInt(endpoint.address().replaceFirst(".*:", ""));
  }

  private static String list(ConfigurationEndpoint endpoint) throws IOException {
    return lines(endpoint, "config get cluster\r\n", 5);
  }

  /** Sends a text and returns the lines of the answer. */
  private static String lines(ConfigurationEndpoint endpoint, String text, int count)
      throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port(endpoint))) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < count; i++) {
        lines.append(in.readLine()).append('/');
      }
      return lines.toString();
    }
  }

  @Test
  void setServers_isSaid_underGrowingVersions() throws IOException {
    try (ConfigurationEndpoint endpoint = ConfigurationEndpoint.start()) {
      endpoint.setServers("127.0.0.1:1");
      assertThat(list(endpoint)).isEqualTo("CONFIG cluster 0 24/1/127.0.0.1|127.0.0.1|1//END/");

      endpoint.setServers("a.example:1", "b.example:2");

      assertThat(list(endpoint)).isEqualTo("CONFIG cluster 0 28/2/a.example||1 b.example||2//END/");
      assertThat(endpoint.requests()).isEqualTo(2);
      assertThat(endpoint.uri("shop"))
          .isEqualTo(URI.create("memcached://elasticache:" + endpoint.address() + "/shop"));
    }
  }

  @Test
  void startWithLogin_letsOneUserIn() throws IOException {
    try (ConfigurationEndpoint endpoint = ConfigurationEndpoint.startWithLogin("alice", "sesame")) {
      endpoint.setServers("h:1");
      String get = "config get cluster\r\n";

      assertThat(lines(endpoint, get, 1)).isEqualTo("CLIENT_ERROR unauthenticated/");
      assertThat(lines(endpoint, "set login 0 0 5\r\nwrong\r\n" + get, 2))
          .isEqualTo("CLIENT_ERROR authentication failure/CLIENT_ERROR unauthenticated/");
      assertThat(lines(endpoint, "set login 0 0 12\r\nalice sesame\r\n" + get, 6))
          .isEqualTo("STORED/CONFIG cluster 0 7/1/h||1//END/");
    }
  }

  @Test
  void startWithTls_speaksIt() throws IOException {
    TestCertificate certificate = TestAuthority.shared().issue("an endpoint", "127.0.0.1");
    ServerTls tls =
        new ServerTls(
            certificate.certificate(),
            certificate.key(),
            certificate.authority(),
            Optional.empty());
    try (ConfigurationEndpoint endpoint = ConfigurationEndpoint.startWithTls(certificate);
        TextConnection connection =
            TextConnection.open("127.0.0.1", port(endpoint), PATIENCE, Optional.of(tls))) {
      assertThat(connection.ask("version")).containsExactly("VERSION 1.6.18");
      assertThat(endpoint.uri("/x")).hasScheme("memcacheds");
    }
  }

  @Test
  void pauseAndKill_endWithResumeAndRestart() throws IOException {
    try (ConfigurationEndpoint endpoint = ConfigurationEndpoint.start()) {
      endpoint.setServers("h:1");
      endpoint.pause();
      try (TextConnection connection = connect(endpoint, Duration.ofMillis(50))) {
        assertThatThrownBy(() -> connection.ask("version")).isInstanceOf(IOException.class);
      }
      endpoint.resume();
      assertThat(list(endpoint)).endsWith("h||1//END/");

      endpoint.kill();
      assertThatThrownBy(() -> connect(endpoint, PATIENCE)).isInstanceOf(IOException.class);
      endpoint.restart();

      assertThat(list(endpoint)).endsWith("h||1//END/");
    }
  }
}
