// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.run;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.runner.Description;
import org.junit.runner.Result;
import org.junit.runner.notification.RunListener;
import org.memjcache.testkit.MemcachedCluster;

/**
 * Starts real memcached servers before the first test, tells the provider where they are in the way
 * that every user can (the system property {@code org.memjcache.uri}), and closes them after the
 * last test. Also notes the {@linkplain RunFacts facts} for the gate.
 *
 * <p>What it needs to know comes in two system properties: {@code tck.servers}, how many servers,
 * and {@code tck.facts}, the file for the facts.
 */
public final class TckRunListener extends RunListener {

  private @Nullable MemcachedCluster servers;

  /** JUnit creates it. */
  public TckRunListener() {}

  @Override
  public void testRunStarted(Description description) {
    try {
      start();
    } catch (IOException | RuntimeException e) {
      // After an exception JUnit would go on, and all tests would fail for want of a server.
      throw new AssertionError("The run of the TCK can't start: " + e.getMessage(), e);
    }
  }

  @Override
  public void testRunFinished(Result result) {
    MemcachedCluster started = servers;
    if (started != null) {
      started.close();
    }
  }

  private void start() throws IOException {
    MemcachedCluster started = MemcachedCluster.start(Integer.parseInt(setting("servers")));
    servers = started;
    System.setProperty("org.memjcache.uri", started.uri("/tck").toString());
    RunFacts.ofThisJvm(started).write(Path.of(setting("facts")));
  }

  private static String setting(String name) {
    String property = "tck." + name;
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException("The system property %s is not set".formatted(property));
    }
    return value;
  }
}
