// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.memjcache.spring.boot.Hotels.Application;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A restart as that of Spring Boot's devtools: the application's own classes are those of another
 * class loader afterwards, all others stay.
 */
@Memcached
class RestartTest {

  @Test
  void restart_entriesOfBefore_areReadAsObjectsOfTheNewClasses(MemcachedServer server)
      throws Exception {
    String before = lookUp(new ApplicationClasses(), server);
    String after = lookUp(new ApplicationClasses(), server);

    assertThat(after).isEqualTo(before).contains("lookup=1");
  }

  /** Starts the application, asks it once, and stops it. */
  private static String lookUp(ApplicationClasses classes, MemcachedServer server)
      throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader former = thread.getContextClassLoader();
    thread.setContextClassLoader(classes);
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(classes.loadClass(Application.class.getName()))
            .web(WebApplicationType.NONE)
            .properties("memjcache.servers=" + server.address(), "spring.application.name=hotels")
            .run()) {
      Object hotels = context.getBean("hotels");
      Object found = hotels.getClass().getMethod("find", long.class).invoke(hotels, 1);
      assertThat(found.getClass().getClassLoader()).isSameAs(classes);
      Object again = hotels.getClass().getMethod("find", long.class).invoke(hotels, 1);
      assertThat(again).isEqualTo(found);
      return found.toString();
    } finally {
      thread.setContextClassLoader(former);
    }
  }

  /** Loads the application's classes anew. */
  private static final class ApplicationClasses extends ClassLoader {

    ApplicationClasses() {
      super(RestartTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(Hotels.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) { // a proxy, which Spring is about to define
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
