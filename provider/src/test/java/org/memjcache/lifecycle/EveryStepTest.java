// SPDX-License-Identifier: Apache-2.0
package org.memjcache.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.chaos.InjectingLoader;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Memory is short at any step of opening, using and closing a manager: whatever fails, nothing is
 * left once the provider was closed, and the next manager works.
 *
 * <p>Every tenth step in every build, of which the first is chosen at random; with {@code
 * -Pendurance} each of them.
 */
@Memcached
@Tag("slow")
@Tag("any-jdk")
class EveryStepTest {

  private static final long NONE = 0;

  /** Threads of the background don't take each step each time. */
  private static final int RUNS_WITHOUT_FAILURE = 10;

  private static final int RANDOM_RUNS = 100;

  private static final int OF_STEPS = Integer.getInteger("endurance.steps", 10);

  private final MemcachedServer server;
  private final ClassLoader classes = new InjectingLoader();
  private BiFunction<URI, Long, Boolean> manager;
  private String connectionsBefore;

  EveryStepTest(MemcachedServer server) {
    this.server = server;
  }

  @BeforeEach
  @SuppressWarnings("unchecked") // an OneManager, of another class loader
  void load() throws ReflectiveOperationException {
    connectionsBefore = connections();
    var constructor = classes.loadClass(OneManager.class.getName()).getDeclaredConstructor();
    constructor.setAccessible(true);
    manager = (BiFunction<URI, Long, Boolean>) constructor.newInstance();
    assertThat(run(NONE)).isFalse(); // all classes are initialized
    assertNothingIsLeft("nothing failed");
  }

  @Test
  void anyStep_fails_nothingIsLeft() {
    long step = 1 + ThreadLocalRandom.current().nextInt(OF_STEPS);
    for (int without = 0; without < RUNS_WITHOUT_FAILURE; step += OF_STEPS) {
      without = run(step) ? 0 : without + 1;
      assertNothingIsLeft("step " + step + " failed");
    }
    assertThat(run(NONE)).isFalse();
    assertThat(step).isGreaterThan(300);
  }

  /** The next manager gives back what even giving back has left. */
  @Test
  void severalSteps_fail_nothingIsLeftOnceAnotherManagerWasOpened() {
    for (int i = 0; i < RANDOM_RUNS; i++) {
      run(OneManager.AT_RANDOM);
      assertThat(run(NONE)).isFalse();
      assertNothingIsLeft("steps failed");
    }
  }

  private boolean run(long step) {
    return manager.apply(server.uri("steps"), step);
  }

  private void assertNothingIsLeft(String after) {
    await(after + ", and no thread is left").until(() -> threads().isEmpty());
    await(after + ", and no connection is left")
        .until(() -> connections().equals(connectionsBefore));
    assertThat(beans()).as(after).isEmpty();
  }

  private List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getContextClassLoader() == classes)
        .toList();
  }

  private String connections() {
    return server.stats().get("curr_connections");
  }

  private static Set<ObjectName> beans() {
    try {
      return ManagementFactory.getPlatformMBeanServer()
          .queryNames(new ObjectName("*:*,Cache=heard"), null);
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }
}
