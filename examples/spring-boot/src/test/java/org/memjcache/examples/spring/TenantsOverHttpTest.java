// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The service over real HTTP on a free port, with real memcached servers. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class TenantsOverHttpTest {

  @RegisterExtension static final Servers servers = new Servers();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @LocalServerPort private int port;

  private Client lisboa;
  private Client barcelona;

  @BeforeEach
  void begin() {
    lisboa = new Client(port, "Lisboa");
    barcelona = new Client(port, "Barcelona");
    lisboa.delete("/cache");
    barcelona.delete("/cache");
  }

  @Test
  void cacheable_secondTime_comesFromTheCache() {
    String first = lisboa.get("/hotels/2");

    assertThat(first).contains("\"name\":\"Tejo\"");
    assertThat(lisboa.get("/hotels/2")).isEqualTo(first);
  }

  @Test
  void cacheable_sameKeyOfTwoTenants_eachGetsItsOwn() {
    String ofLisboa = lisboa.get("/hotels/2");
    String ofBarcelona = barcelona.get("/hotels/2");

    assertThat(ofBarcelona).isNotEqualTo(ofLisboa);
    assertThat(lisboa.get("/hotels/2")).isEqualTo(ofLisboa);
    assertThat(barcelona.get("/hotels/2")).isEqualTo(ofBarcelona);
  }

  @Test
  void cachePut_oneTenant_replacesWhatItHasCached() {
    lisboa.get("/hotels/1");
    String ofBarcelona = barcelona.get("/hotels/1");

    String renamed = lisboa.put("/hotels/1", "Casa do Fado");

    assertThat(renamed).contains("\"name\":\"Casa do Fado\"");
    assertThat(lisboa.get("/hotels/1")).isEqualTo(renamed);
    assertThat(barcelona.get("/hotels/1")).isEqualTo(ofBarcelona);
  }

  @Test
  void page_showsTheTenants_andClearsOne() {
    try (Page page = new Page(port)) {
      String ofLisboa = page.click("Lisboa");
      String ofBarcelona = page.click("Barcelona");

      assertThat(page.click("Lisboa")).isEqualTo(ofLisboa);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(page.row("Lisboa", "hotels")).contains(" %"));

      assertThat(page.click("Clear Lisboa")).isEqualTo("Lisboa is cleared.");
      assertThat(page.click("Lisboa")).isNotEqualTo(ofLisboa);
      assertThat(page.click("Barcelona")).isEqualTo(ofBarcelona);
    }
  }

  @Test
  void cacheEvict_allEntriesOfOneTenant_theOthersStay() {
    String ofLisboa = lisboa.get("/hotels/2");
    String priceInLisboa = lisboa.get("/hotels/2/price?nights=3");
    String ofBarcelona = barcelona.get("/hotels/2");
    String priceInBarcelona = barcelona.get("/hotels/2/price?nights=3");

    lisboa.delete("/cache");

    assertThat(lisboa.get("/hotels/2")).isNotEqualTo(ofLisboa);
    assertThat(lisboa.get("/hotels/2/price?nights=3")).isNotEqualTo(priceInLisboa);
    assertThat(barcelona.get("/hotels/2")).isEqualTo(ofBarcelona);
    assertThat(barcelona.get("/hotels/2/price?nights=3")).isEqualTo(priceInBarcelona);
  }

  @Test
  void cacheResult_severalParameters_areAllPartOfTheKey() {
    String threeNights = lisboa.get("/hotels/1/price?nights=3");

    assertThat(threeNights).contains("\"euros\":240");
    assertThat(lisboa.get("/hotels/1/price?nights=3")).isEqualTo(threeNights);
    assertThat(lisboa.get("/hotels/1/price?nights=4")).contains("\"euros\":320");
    assertThat(lisboa.get("/hotels/2/price?nights=3")).isNotEqualTo(threeNights);
  }

  @Test
  void request_unknownTenantOrNone_isRefused() {
    assertThat(new Client(port, "Madrid").status("/hotels/1")).isEqualTo(400);
    assertThat(new Client(port, null).status("/hotels/1")).isEqualTo(400);
  }

  @Test
  void metrics_eachTenant_isATag() {
    lisboa.get("/hotels/1");
    barcelona.get("/hotels/1");
    String hits = "/actuator/metrics/cache.gets?tag=result:hit&tag=cache:hotels&tag=tenant:";
    String ofLisboa = lisboa.get(hits + "Lisboa");
    String ofBarcelona = lisboa.get(hits + "Barcelona");

    lisboa.get("/hotels/1");

    assertThat(lisboa.get(hits + "Lisboa")).contains("COUNT").isNotEqualTo(ofLisboa);
    assertThat(lisboa.get(hits + "Barcelona")).contains("COUNT").isEqualTo(ofBarcelona);
    assertThat(lisboa.get("/actuator/metrics/memjcache.misses")).contains("Lisboa", "Barcelona");
  }

  @Test
  void endpoint_aTenant_isShownAndCleared() {
    String ofLisboa = lisboa.get("/hotels/1");
    String ofBarcelona = barcelona.get("/hotels/1");
    assertThat(lisboa.get("/actuator/memjcache")).contains("Lisboa", "Barcelona", "hitRatio");

    lisboa.delete("/actuator/memjcache/Lisboa");

    assertThat(lisboa.get("/hotels/1")).isNotEqualTo(ofLisboa);
    assertThat(barcelona.get("/hotels/1")).isEqualTo(ofBarcelona);
  }

  @Test
  void page_isServed() {
    assertThat(lisboa.get("/index.html")).contains("/actuator/memjcache");
  }

  @Test
  void health_serversAnswer_isUp() {
    assertThat(lisboa.get("/actuator/health")).contains("\"memjcache\":{", " answered after ");
  }

  @Test
  void allServersAway_theServiceGoesOnAndTellsSo() {
    servers.kill();
    try {
      assertThat(lisboa.get("/hotels/2")).contains("Tejo");
      await().atMost(PATIENCE).until(() -> lisboa.get("/actuator/health").contains("\"DEGRADED\""));
      assertThat(lisboa.get("/actuator/health")).contains(" did not answer: ");
    } finally {
      servers.restart();
    }
    await().atMost(PATIENCE).until(() -> !lisboa.get("/actuator/health").contains("\"DEGRADED\""));
    await().atMost(PATIENCE).until(() -> lisboa.get("/hotels/2").equals(lisboa.get("/hotels/2")));
  }
}
