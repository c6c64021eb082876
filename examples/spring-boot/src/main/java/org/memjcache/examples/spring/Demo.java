package org.memjcache.examples.spring;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.memjcache.ManagerUri;
import org.memjcache.testkit.MemcachedServer;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the service, shows what two tenants see over HTTP, and keeps serving.
 *
 * <p>Uses the servers named in the environment variable {@code MEMJCACHE_URI}, or starts one with
 * the testkit.
 */
final class Demo {

  /** Overrides the servers in memjcache.properties. */
  private static final String SERVERS = "memjcache.servers";

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final PrintStream out;

  Demo(int port, PrintStream out) {
    this.port = port;
    this.out = out;
  }

  /** Runs the example until it is stopped. */
  public static void main(String[] args) throws IOException, InterruptedException {
    String uri = System.getenv("MEMJCACHE_URI");
    System.setProperty(
        SERVERS,
        uri == null
            ? MemcachedServer.start().address() // gone with this JVM
            : ManagerUri.parse(uri).getRawAuthority());
    ConfigurableApplicationContext service = SpringApplication.run(HotelsApplication.class, args);
    int port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    new Demo(port, System.out).run();
  }

  void run() throws IOException, InterruptedException {
    out.println(
        "Each lookup in the slow directory has a number; a repeated number comes from the cache.");
    get("Lisboa", "/hotels/1");
    get("Lisboa", "/hotels/1");
    get("Barcelona", "/hotels/1");
    get("Barcelona", "/hotels/1");
    send("Lisboa", "PUT", "/hotels/1", BodyPublishers.ofString("Casa do Fado"));
    get("Lisboa", "/hotels/1");
    get("Lisboa", "/hotels/1/price?nights=3");
    get("Lisboa", "/hotels/1/price?nights=3");
    out.println("Lisboa clears its caches, by one increment each. Barcelona keeps its own.");
    send("Lisboa", "DELETE", "/cache", BodyPublishers.noBody());
    get("Lisboa", "/hotels/1");
    get("Barcelona", "/hotels/1");
    out.println("Still serving, until Ctrl-C. Try:");
    out.println("  curl -H 'X-Tenant: Lisboa' " + url("/hotels/2"));
    out.println("  curl -X DELETE -H 'X-Tenant: Lisboa' " + url("/cache"));
    out.println("  curl '" + url("/actuator/metrics/cache.gets?tag=tenant:Lisboa") + "'");
    out.println("  curl " + url("/actuator/health"));
  }

  private void get(String tenant, String path) throws IOException, InterruptedException {
    send(tenant, "GET", path, BodyPublishers.noBody());
  }

  private void send(String tenant, String method, String path, BodyPublisher content)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url(path)))
            .method(method, content)
            .header("X-Tenant", tenant)
            .header("Content-Type", "text/plain")
            .build();
    String answer = http.send(request, BodyHandlers.ofString()).body();
    out.println("  %-9s %-6s %-24s %s".formatted(tenant, method, path, answer).stripTrailing());
  }

  private String url(String path) {
    return "http://localhost:" + port + path;
  }
}
