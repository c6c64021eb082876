// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The processes this JVM has to take along when it ends in an orderly way. Thread safe. */
final class LiveProcesses {

  private static final Set<GuardedProcess> LIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(LiveProcesses::end, "memcached-end"));
  }

  private LiveProcesses() {}

  static void add(GuardedProcess process) {
    LIVE.add(process);
  }

  static void remove(GuardedProcess process) {
    LIVE.remove(process);
  }

  private static void end() {
    Set<GuardedProcess> last = Set.copyOf(LIVE);
    last.forEach(GuardedProcess::letGuardEnd);
    last.forEach(GuardedProcess::destroy);
  }
}
