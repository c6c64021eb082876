// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells whether processes run, by their ids. */
public final class Processes {

  private Processes() {}

  /** Returns as soon as there is no such process; fails if there is one after 10 seconds. */
  public static void awaitEnd(long pid) {
    await("process %d has ended".formatted(pid)).until(() -> !isAlive(pid));
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
