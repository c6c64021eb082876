// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.memjcache.spring.boot.Hotels.WithTenants.as;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memjcache.spring.boot.Hotels.Hotel;
import org.memjcache.spring.boot.Hotels.WithTenants;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What the Actuator shows over HTTP, of a manager whose URI has a comma and a question mark, and a
 * cache whose name has colons.
 */
class ActuatorTest {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String COLONS = "rooms::prices";

  private static MemcachedCluster cluster;
  private static ConfigurableApplicationContext context;
  private static Hotels hotels;

  @BeforeAll
  static void start() {
    cluster = MemcachedCluster.builder().servers(2).start();
    context =
        new SpringApplicationBuilder(WithTenants.class)
            .properties(Map.of("memjcache.cache." + COLONS + ".expiry", "created:1m"))
            .properties(
                "server.port=0",
                "memjcache.uri=memcached://" + cluster.addresses() + "/hotels?timeout=2s",
                "memjcache.tenants.max-open=3",
                "memjcache.tenants.max-metered=2",
                "management.endpoints.web.exposure.include=health,metrics,caches,memjcache",
                "management.endpoint.health.show-details=always",
                "spring.main.banner-mode=off")
            .run();
    hotels = context.getBean(Hotels.class);
  }

  @AfterAll
  static void stop() {
    context.close();
    cluster.close();
  }

  @BeforeEach
  void forget() {
    context.getBean(TenantCaches.class).clearApplication();
  }

  @Test
  void health_eachServer_hasItsState() throws Exception {
    Map<String, Object> health = get("/health");

    assertThat(health).containsEntry("status", "UP");
    for (MemcachedServer server : cluster.servers()) {
      assertThat(details(health).get(server.address()).toString())
          .contains(server.address() + " answered after");
    }
  }

  @Test
  void health_aServerIsAway_isDegradedAndInService() throws Exception {
    MemcachedServer away = cluster.servers().get(0);
    away.kill();
    try {
      await()
          .untilAsserted(
              () -> assertThat(component(get("/health")).get("status")).isEqualTo("DEGRADED"));
      assertThat(details(get("/health")).get(away.address()).toString()).contains("did not answer");
    } finally {
      away.restart();
    }
    await()
        .untilAsserted(() -> assertThat(component(get("/health")).get("status")).isEqualTo("UP"));
  }

  @Test
  void endpoint_showsTenantsAndTheirCaches() throws Exception {
    as("Lisboa", () -> hotels.find(1));
    as("Lisboa", () -> hotels.find(1));
    hotels.find(1);

    Map<?, ?> tenants = (Map<?, ?>) get("/memjcache").get("tenants");
    Map<?, ?> counts = (Map<?, ?>) ((Map<?, ?>) tenants.get("Lisboa")).get("hotels");
    assertThat(counts.keySet())
        .asString()
        .contains("hits", "misses", "hitRatio", "puts", "removals");
    assertThat(((Map<?, ?>) get("/memjcache").get("caches")).get("hotels")).isNotNull();
    assertThat(get("/memjcache/Lisboa").get("hotels")).isNotNull();
    assertThat(send("GET", "/memjcache/Nobody").statusCode()).isEqualTo(404);
  }

  @Test
  void endpoint_deletes_aTenantOrOneOfItsCaches() throws Exception {
    Hotel ofLisboa = as("Lisboa", () -> hotels.find(1));
    Hotel ofBarcelona = as("Barcelona", () -> hotels.find(1));

    assertThat(send("DELETE", "/memjcache/Lisboa").statusCode()).isEqualTo(204);
    assertThat(send("DELETE", "/memjcache/Barcelona/other").statusCode()).isEqualTo(204);
    assertThat(as("Lisboa", () -> hotels.find(1))).isNotEqualTo(ofLisboa);
    assertThat(as("Barcelona", () -> hotels.find(1))).isEqualTo(ofBarcelona);
    assertThat(send("DELETE", "/memjcache/Barcelona/hotels").statusCode()).isEqualTo(204);
    assertThat(as("Barcelona", () -> hotels.find(1))).isNotEqualTo(ofBarcelona);
  }

  @Test
  void endpoint_deletesWhatCantBeCleared_saysWhy() throws Exception {
    hotels.find(1);

    HttpResponse<String> response = send("DELETE", "/memjcache?cache=hotels");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("memjcache.cache.hotels.clear-across-tenants=true");
  }

  @Test
  void endpoint_deletesWhileAServerIsAway_namesIt() throws Exception {
    try (MemcachedServer away = MemcachedServer.start();
        ConfigurableApplicationContext strict =
            start(away.address() + "/hotels?timeout=2s&failure=throw")) {
      assertThat(send(strict, "DELETE", "/memjcache/Lisboa/hotels").statusCode()).isEqualTo(204);
      away.kill();

      for (String path :
          List.of("/memjcache/Lisboa", "/memjcache/Lisboa/hotels", "/memjcache?cache=rates")) {
        HttpResponse<String> response = send(strict, "DELETE", path);

        assertThat(response.statusCode()).as(path).isEqualTo(503);
        assertThat(JsonParserFactory.getJsonParser().parseMap(response.body()).get("error"))
            .asString()
            .contains("memcached " + away.address());
      }
    }
  }

  @Test
  void endpoint_deletesForAllTenantsOfNoApplication_saysWhy() throws Exception {
    try (ConfigurableApplicationContext unnamed = start(cluster.addresses())) {
      HttpResponse<String> response = send(unnamed, "DELETE", "/memjcache?cache=rates");

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("\"error\":", "names no application");
    }
  }

  @Test
  void caches_deletes_thoseOfTheApplication() throws Exception {
    Hotel own = hotels.find(1);
    Hotel ofLisboa = as("Lisboa", () -> hotels.find(1));
    assertThat(get("/caches").toString()).contains("hotels", COLONS);

    assertThat(send("DELETE", "/caches/hotels").statusCode()).isEqualTo(204);
    assertThat(hotels.find(1)).isNotEqualTo(own);
    assertThat(as("Lisboa", () -> hotels.find(1))).isEqualTo(ofLisboa);
    own = hotels.find(1);
    assertThat(send("DELETE", "/caches").statusCode()).isEqualTo(204);
    assertThat(hotels.find(1)).isNotEqualTo(own);
  }

  @Test
  void metrics_haveApplicationTenantAndCache_ofABoundedNumberOfTenants() throws Exception {
    MeterRegistry registry = context.getBean(MeterRegistry.class);
    hotels.find(1);
    context.getBean(CacheManager.class).getCache(COLONS).get(1);
    for (String tenant : new String[] {"one", "two", "three", "four", "five"}) {
      as(tenant, () -> hotels.find(1));
    }

    assertThat(registry.find("cache.gets").meters())
        .extracting(Meter::getId)
        .allMatch(id -> "hotels".equals(id.getTag("application")))
        .extracting(id -> id.getTag("tenant"))
        .contains("", "five")
        .doesNotContain("one")
        .satisfies(tags -> assertThat(tags.stream().distinct()).hasSizeLessThanOrEqualTo(3));
    assertThat(registry.find("cache.gets").tags("cache", COLONS, "tenant", "").meters())
        .isNotEmpty();
    assertThat(hits(registry, "five")).isZero();
    as("five", () -> hotels.find(1));
    assertThat(hits(registry, "five")).isEqualTo(1);
    assertThat(get("/metrics/cache.gets").toString()).contains("tenant", "application", COLONS);
  }

  private static double hits(MeterRegistry registry, String tenant) {
    FunctionCounter counter =
        registry
            .get("cache.gets")
            .tags(Tags.of("tenant", tenant, "cache", "hotels", "result", "hit"))
            .functionCounter();
    return counter.count();
  }

  private static Map<?, ?> component(Map<String, Object> health) {
    return (Map<?, ?>) ((Map<?, ?>) health.get("components")).get("memjcache");
  }

  private static Map<?, ?> details(Map<String, Object> health) {
    return (Map<?, ?>) component(health).get("details");
  }

  private static Map<String, Object> get(String path) throws Exception {
    HttpResponse<String> response = send("GET", path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonParserFactory.getJsonParser().parseMap(response.body());
  }

  private static ConfigurableApplicationContext start(String uri) {
    return new SpringApplicationBuilder(WithTenants.class)
        .properties(
            "server.port=0",
            "memjcache.uri=memcached://" + uri,
            "management.endpoints.web.exposure.include=memjcache",
            "spring.main.banner-mode=off")
        .run();
  }

  private static HttpResponse<String> send(String method, String path) throws Exception {
    return send(context, method, path);
  }

  private static HttpResponse<String> send(
      ConfigurableApplicationContext application, String method, String path) throws Exception {
    String port = application.getEnvironment().getProperty("local.server.port");
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator" + path))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }
}
