// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.memjcache.spring.boot.Hotels.Application;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An application starts with and without each library that the starter can work with. */
class ClassPathTest {

  private static final String METERS = "memjcacheCacheMeters";
  private static final String HEALTH = "memjcacheHealthIndicator";
  private static final String ENDPOINT = "memjcacheEndpoint";
  private static final String CACHES = "memjcacheTenantCaches";

  private static final String TOOLS =
      "|(testcontainers|spring-boot-(docker|testcontainers)|spring-tx).*";

  @Test
  void withoutActuatorAndMicrometer_hasCaches() throws Exception {
    assertThat(
            beansWithout(
                "(.*actuator|spring-boot-health|.*micrometer-(core|metrics|jakarta)).*" + TOOLS))
        .contains(CACHES)
        .doesNotContain(METERS, HEALTH, ENDPOINT);
  }

  @Test
  void withoutMicrometer_hasHealthAndTheEndpoint() throws Exception {
    assertThat(beansWithout(".*micrometer-(core|metrics|jakarta).*"))
        .contains(CACHES, HEALTH, ENDPOINT)
        .doesNotContain(METERS);
  }

  @Test
  void transactionAware_withoutTransactions_saysWhatIsMissing() {
    assertThatThrownBy(
            () -> beansWithout("spring-tx.*", "--memjcache.caches.transaction-aware=true"))
        .rootCause()
        .hasMessageContaining("takes the library spring-tx");
  }

  /** Starts an application without the jars whose names match, and returns the names of beans. */
  private static List<String> beansWithout(String jars, String... more) throws Exception {
    Pattern without = Pattern.compile(jars);
    List<URL> classPath = new ArrayList<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!without.matcher(Path.of(element).getFileName().toString()).matches()) {
        classPath.add(Path.of(element).toUri().toURL());
      }
    }
    Thread thread = Thread.currentThread();
    ClassLoader former = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(loader);
      String[] arguments = {
        "--spring.main.web-application-type=none",
        "--spring.application.name=hotels",
        "--management.endpoints.web.exposure.include=memjcache",
        "--management.endpoints.jmx.exposure.include=memjcache",
        "--spring.jmx.enabled=true"
      };
      arguments = Stream.of(arguments, more).flatMap(Stream::of).toArray(String[]::new);
      Object context =
          loader
              .loadClass(SpringApplication.class.getName())
              .getMethod("run", Class.class, String[].class)
              .invoke(null, loader.loadClass(Application.class.getName()), arguments);
      Class<?> type = loader.loadClass(ConfigurableApplicationContext.class.getName());
      try {
        return List.of((String[]) type.getMethod("getBeanDefinitionNames").invoke(context));
      } finally {
        type.getMethod("close").invoke(context);
      }
    } finally {
      thread.setContextClassLoader(former);
    }
  }
}
