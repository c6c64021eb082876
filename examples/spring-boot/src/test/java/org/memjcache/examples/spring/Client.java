// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** An HTTP client of the service, for one tenant. */
final class Client {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI service;
  private final String tenant;

  /** Creates a client; a tenant of null sends no tenant. */
  Client(int port, String tenant) {
    this.service = URI.create("http://localhost:" + port);
    this.tenant = tenant;
  }

  String get(String path) {
    return body(send("GET", path, BodyPublishers.noBody()));
  }

  String put(String path, String content) {
    return body(send("PUT", path, BodyPublishers.ofString(content)));
  }

  void delete(String path) {
    body(send("DELETE", path, BodyPublishers.noBody()));
  }

  /** Returns the status of a GET. */
  int status(String path) {
    return send("GET", path, BodyPublishers.noBody()).statusCode();
  }

  private static String body(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return response.body();
  }

  private HttpResponse<String> send(String method, String path, BodyPublisher content) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(service.resolve(path))
            .method(method, content)
            .header("Content-Type", "text/plain");
    if (tenant != null) {
      request.header("X-Tenant", tenant);
    }
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("Interrupted", e);
    }
  }
}
