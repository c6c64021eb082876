// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.spring;

import org.memjcache.testkit.MemcachedServer;
import org.springframework.boot.SpringApplication;

/** Runs the service with a memcached of its own, until both are stopped. */
final class Demo {

  private Demo() {}

  /** Starts both. Other servers than that are {@code --memjcache.servers=host:port}. */
  public static void main(String[] args) {
    System.setProperty(
        "memjcache.servers", MemcachedServer.start().address()); // gone with this JVM
    SpringApplication.run(HotelsApplication.class, args);
    System.out.println("Open http://localhost:8080/ in a browser. Ctrl-C ends the service.");
  }
}
