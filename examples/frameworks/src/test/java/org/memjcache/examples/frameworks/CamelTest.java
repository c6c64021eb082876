// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jcache.JCacheConstants;
import org.apache.camel.component.jcache.policy.JCachePolicy;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.memjcache.testkit.MemcachedExtension;

/** What docs/frameworks.md says of Apache Camel. */
@SuppressWarnings("try") // closing Camel may be interrupted
class CamelTest {

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  @Test
  void component_putsAndGets_underTheUriOfTheConfiguration() throws Exception {
    URI uri = memcached.server().uri("camel/Lisboa?failure=miss&timeout=20s");
    String cache =
        "jcache:info?cachingProvider=org.memjcache.MemcachedCachingProvider&configurationUri=RAW("
            + uri
            + ")";
    try (CamelContext camel = new DefaultCamelContext()) {
      camel.start();
      ProducerTemplate producer = camel.createProducerTemplate();

      producer.send(
          cache,
          exchange -> {
            exchange.getMessage().setHeader(JCacheConstants.ACTION, "PUT");
            exchange.getMessage().setHeader(JCacheConstants.KEY, "/info");
            exchange.getMessage().setBody("2 days");
          });

      assertThat(
              producer
                  .request(
                      cache,
                      exchange -> {
                        exchange.getMessage().setHeader(JCacheConstants.ACTION, "GET");
                        exchange.getMessage().setHeader(JCacheConstants.KEY, "/info");
                      })
                  .getMessage()
                  .getBody())
          .isEqualTo("2 days");
    }
  }

  @Test
  void policy_answersFromTheCache() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CacheManager manager =
        Caching.getCachingProvider("org.memjcache.MemcachedCachingProvider")
            .getCacheManager(memcached.server().uri("camel/Porto"), null);
    try (CamelContext camel = new DefaultCamelContext()) {
      JCachePolicy policy = new JCachePolicy();
      policy.setCacheManager(manager);
      policy.setCacheName("days");
      camel.addRoutes(
          new RouteBuilder() {
            @Override
            public void configure() {
              from("direct:days")
                  .policy(policy)
                  .process(
                      exchange -> {
                        asked.incrementAndGet();
                        exchange.getMessage().setBody("3 days");
                      });
            }
          });
      camel.start();
      ProducerTemplate producer = camel.createProducerTemplate();

      assertThat(producer.requestBody("direct:days", "Porto")).isEqualTo("3 days");
      assertThat(producer.requestBody("direct:days", "Porto")).isEqualTo("3 days");
      assertThat(asked).hasValue(1);
    } finally {
      manager.close();
    }
  }
}
