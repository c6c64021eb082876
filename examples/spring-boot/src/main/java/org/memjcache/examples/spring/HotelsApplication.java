// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;

/** A small service for the hotels of several tenants. The header {@code X-Tenant} names one. */
@SpringBootApplication
@EnableCaching
public class HotelsApplication {

  /** Runs the service until it is stopped. */
  public static void main(String[] args) {
    SpringApplication.run(HotelsApplication.class, args);
  }
}
