package org.memjcache.testkit;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for something another thread or process does, polling often and with a bound. */
public final class Await {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Await() {}

  /** Returns as soon as the condition holds; fails if it doesn't within 10 seconds. */
  public static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        fail("not within %s: %s", LIMIT, what);
      }
      Thread.sleep(5);
    }
  }

  /** Returns as soon as there is no such process; fails if there is one after 10 seconds. */
  public static void gone(long pid) throws Exception {
    until("process %d is gone".formatted(pid), () -> !isAlive(pid));
  }

  /** Returns whether there is such a process that isn't just waiting for its parent to notice. */
  public static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) && !isZombie(pid);
  }

  private static boolean isZombie(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
    } catch (IOException noProcFileSystemOrGone) {
      return false;
    }
  }
}
