// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.spring.boot.Hotels.Application;
import org.memjcache.spring.boot.Hotels.Hotel;
import org.memjcache.testkit.MemcachedServer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Starting and stopping, together with what else an application may have. */
class ContextsTest {

  private static final ApplicationContextRunner RUNNER =
      new ApplicationContextRunner()
          .withUserConfiguration(Application.class)
          .withPropertyValues("spring.application.name=hotels");

  @TempDir Path folder;

  @Test
  void twoContexts_oneIsClosed_theOtherGoesOn() {
    try (MemcachedServer server = MemcachedServer.start();
        ConfigurableApplicationContext stays = start(server)) {
      Hotel found;
      try (ConfigurableApplicationContext closed = start(server)) {
        found = closed.getBean(Hotels.class).find(1);
        assertThat(closed.getBean(MemcachedCacheManager.class))
            .isNotSameAs(stays.getBean(MemcachedCacheManager.class));
      }
      assertThat(stays.getBean(Hotels.class).find(1)).isEqualTo(found);
    }
  }

  @Test
  void close_leavesNoThread() {
    try (MemcachedServer server = MemcachedServer.start()) {
      try (ConfigurableApplicationContext context = start(server)) {
        context.getBean(Hotels.class).publish(1).block();
        context.getBean(MemcachedCacheManager.class).ping();
      }
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.isAlive() && !thread.isDaemon())
          .extracting(Thread::getName)
          .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("mem"));
    }
  }

  private static ConfigurableApplicationContext start(MemcachedServer server) {
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.NONE)
        .properties("memjcache.servers=" + server.address(), "spring.application.name=hotels")
        .run();
  }

  @Test
  void memcachedIsDown_startsAndGoesOn_andCachesOnceItIsBack() {
    MemcachedServer server = MemcachedServer.start();
    server.kill();
    RUNNER
        .withPropertyValues("memjcache.servers=" + server.address(), "memjcache.timeout=300ms")
        .run(
            context -> {
              Hotels hotels = context.getBean(Hotels.class);
              assertThat(hotels.find(1)).isNotEqualTo(hotels.find(1));
              assertThat(hotels.findOnce(1)).isNotEqualTo(hotels.findOnce(1));
              assertThat(hotels.publish(1).block()).isNotNull();
              hotels.forget();

              server.restart();
              await().until(() -> hotels.find(1).equals(hotels.find(1)));
            });
    server.close();
  }

  @Test
  void failureThrow_memcachedIsDown_throws() {
    MemcachedServer server = MemcachedServer.start();
    server.close();
    RUNNER
        .withPropertyValues("memjcache.servers=" + server.address(), "memjcache.failure=throw")
        .run(
            context ->
                assertThatThrownBy(() -> context.getBean(Hotels.class).find(1))
                    .isInstanceOf(CacheException.class)
                    .hasMessageContaining(server.address()));
  }

  @Test
  void file_asUriOrAsSpringBootKnowsIt_isReadAndTheEnvironmentCountsBeforeIt() throws Exception {
    try (MemcachedServer server = MemcachedServer.start()) {
      Path file =
          Files.writeString(
              folder.resolve("memjcache.properties"),
              """
              memjcache.servers=localhost:1
              memjcache.namespace=hotels
              memjcache.serialization.allow=org.memjcache.spring.boot.**
              memjcache.cache.prices.expiry=created:1m
              """);
      for (String property : List.of("memjcache.uri", "spring.cache.jcache.config")) {
        RUNNER
            .withPropertyValues(
                property + "=" + file.toUri(), "memjcache.servers=" + server.address())
            .run(
                context -> {
                  Hotels hotels = context.getBean(Hotels.class);
                  assertThat(hotels.find(1)).isEqualTo(hotels.find(1));
                  assertThat(context.getBean(CacheManager.class).getCacheNames())
                      .contains("prices");
                });
      }
    }
  }

  @Test
  void serverOfTheTestkit_asAConfiguration_isTheOneThatIsUsed() {
    RUNNER
        .withUserConfiguration(ServerOfTheTestkit.class)
        .withPropertyValues("memjcache.servers=localhost:1")
        .run(
            context -> {
              Hotels hotels = context.getBean(Hotels.class);
              assertThat(hotels.find(1)).isEqualTo(hotels.find(1));
              assertThat(context.getBean(MemcachedCacheManager.class).getURI().toString())
                  .contains(context.getBean(MemcachedServer.class).address());
            });
  }

  /** As docs/frameworks.md has it. */
  @TestConfiguration(proxyBeanMethods = false)
  static class ServerOfTheTestkit {
    @Bean(destroyMethod = "close")
    MemcachedServer memcached() {
      return MemcachedServer.start();
    }

    @Bean
    MemjcacheConnectionDetails connection(MemcachedServer memcached) {
      return memcached::address;
    }
  }

  @Test
  void customizer_optionsThatOnlyCodeCanGive_count() {
    RUNNER
        .withBean(
            MemjcacheOptionsCustomizer.class,
            () -> options -> options.setProperty("memjcache.cache.rooms.expiry", "created:1m"))
        .run(
            context ->
                assertThat(context.getBean(CacheManager.class).getCacheNames()).contains("rooms"));
  }

  @Test
  @ExtendWith(OutputCaptureExtension.class)
  void wrongOption_isShownWithoutAStackTrace(CapturedOutput output) {
    assertThatThrownBy(
        () ->
            new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run("--memjcache.sevrers=cache1"));
    assertThat(output)
        .contains("APPLICATION FAILED TO START", "did you mean 'memjcache.servers'?")
        .doesNotContain("\tat ");
  }

  @Test
  void wrongOption_theStartFailsAndSaysWhich() {
    RUNNER
        .withPropertyValues("memjcache.timeuot=2s")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("did you mean 'memjcache.timeout'?"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "simple"})
  void springCacheType_another_isLeftToSpringBoot(String type) {
    RUNNER
        .withPropertyValues("spring.cache.type=" + type)
        .run(
            context -> {
              assertThat(context).hasSingleBean(CacheManager.class);
              assertThat(context).doesNotHaveBean(TenantCaches.class);
            });
  }

  @Test
  void cacheManagerOfTheApplication_isLeftAlone() {
    RUNNER
        .withUserConfiguration(OwnCacheManager.class)
        .run(
            context -> {
              assertThat(context.getBean(CacheManager.class))
                  .isInstanceOf(ConcurrentMapCacheManager.class);
              assertThat(context).doesNotHaveBean(MemcachedCacheManager.class);
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnCacheManager {
    @Bean
    CacheManager own() {
      return new ConcurrentMapCacheManager();
    }
  }

  @Test
  void cacheNames_areThoseThatThereAre() {
    RUNNER
        .withPropertyValues("spring.cache.cache-names=prices,rooms")
        .run(
            context -> {
              CacheManager manager = context.getBean(CacheManager.class);
              assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("prices", "rooms");
              assertThat(manager.getCache("hotels")).isNull();
              assertThat(manager.getCache("rooms")).isNotNull();
            });
  }

  @Test
  void health_canBeSwitchedOff() {
    RUNNER
        .withPropertyValues("management.health.memjcache.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("memjcacheHealthIndicator"));
  }
}
