// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import org.memjcache.spring.boot.Hotels.WithTenants;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application that {@link AotTest} processes and starts. */
final class AotApplication {

  private AotApplication() {}

  public static void main(String[] args) {
    try (ConfigurableApplicationContext context = SpringApplication.run(WithTenants.class, args)) {
      Hotels hotels = context.getBean(Hotels.class);
      boolean cached = hotels.find(1).equals(hotels.find(1));
      boolean generated = Boolean.getBoolean("spring.aot.enabled");
      System.out.println("generated " + generated + ", cached " + cached);
    }
  }
}
