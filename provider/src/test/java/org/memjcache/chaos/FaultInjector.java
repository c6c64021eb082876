// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.memjcache.testkit.MemcachedServer;

/** Makes servers fail, one fault after the other, in random order. */
final class FaultInjector {

  private static final int FILLERS = 20_000;
  private static final int LARGEST_FILLER = 300;

  /** A day, in the numbers that versions are: milliseconds, shifted by 20 bits. */
  private static final long DAY = TimeUnit.DAYS.toMillis(1) << 20;

  private final List<MemcachedServer> servers;
  private final Random random;
  private final BooleanSupplier allHaveSeen;
  private final Map<String, TreeSet<Long>> used = new HashMap<>();
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private final List<Fault> next = new ArrayList<>();

  /**
   * Makes one.
   *
   * @param allHaveSeen lets every process read all versions, returns true if each could
   */
  FaultInjector(List<MemcachedServer> servers, Random random, BooleanSupplier allHaveSeen) {
    this.servers = servers;
    this.random = random;
    this.allHaveSeen = allHaveSeen;
  }

  Map<Fault, Integer> counts() {
    return counts;
  }

  /** Brings about one fault, and returns when it is over. */
  void next() throws InterruptedException {
    if (next.isEmpty()) {
      next.addAll(List.of(Fault.values()));
      next.addAll(List.of(Fault.DELETE_VERSION, Fault.LOWER_VERSION, Fault.OLD_VERSION));
      Collections.shuffle(next, random);
    }
    Fault fault = next.remove(next.size() - 1);
    try {
      remember();
      if (happens(fault)) {
        counts.merge(fault, 1, Integer::sum);
      }
    } catch (UncheckedIOException e) {
      System.out.println("chaos: no " + fault + ": " + e.getMessage()); // a very busy machine
    }
  }

  private boolean happens(Fault fault) throws InterruptedException {
    MemcachedServer server = servers.get(random.nextInt(servers.size()));
    switch (fault) {
      case KILL -> {
        server.kill();
        pause(100, 600);
        server.restart();
      }
      case RESTART -> server.restart();
      case PAUSE -> {
        server.pause();
        pause(50, 700);
        server.resume();
      }
      case EVICT -> {
        fill(server);
        return !server.stats().get("evictions").equals("0");
      }
      case DELETE_VERSION -> {
        return server.command("delete " + anyVersionKey()).equals(List.of("DELETED"));
      }
      case LOWER_VERSION -> {
        String key = anyVersionKey();
        Long present = versions(server).get(key);
        return present != null && set(server, key, present - DAY - random.nextLong(DAY));
      }
      case OLD_VERSION -> {
        return setToOld(server, anyVersionKey());
      }
    }
    return true;
  }

  /**
   * Sets a version to a number that was in use, as a server does that returns with old memory. A
   * process notices if it knows a higher one: so each of them has to look first.
   */
  private boolean setToOld(MemcachedServer server, String key) {
    Long before = versions(server).get(key);
    if (before == null || !allHaveSeen.getAsBoolean()) {
      return false;
    }
    Long present = versions(server).get(key);
    Long old = used(server, key).lower(before);
    return present != null && present >= before && old != null && set(server, key, old);
  }

  private static boolean set(MemcachedServer server, String key, long version) {
    return server.command("set " + key + " 0 0 19\r\n" + version).equals(List.of("STORED"));
  }

  /** Takes note of the versions that are in use. */
  private void remember() {
    for (MemcachedServer server : servers) {
      versions(server)
          .forEach(
              (key, present) -> {
                TreeSet<Long> known = used(server, key);
                known.add(present);
                if (known.size() > 100) {
                  known.pollFirst();
                }
              });
    }
  }

  private TreeSet<Long> used(MemcachedServer server, String key) {
    return used.computeIfAbsent(server.address() + " " + key, any -> new TreeSet<>());
  }

  private String anyVersionKey() {
    List<String> keys = versionKeys();
    return keys.get(random.nextInt(keys.size()));
  }

  private static List<String> versionKeys() {
    return SharedCaches.levels().stream().map(FaultInjector::versionKey).toList();
  }

  /** Each cache is the third level. */
  private static String versionKey(String level) {
    return level + (level.chars().filter(each -> each == '/').count() == 2 ? ":cache" : ":version");
  }

  /** Returns the versions that a server has, by their keys. */
  private static Map<String, Long> versions(MemcachedServer server) {
    List<String> answer = server.command("get " + String.join(" ", versionKeys()));
    Map<String, Long> versions = new HashMap<>();
    for (int i = 0; i + 1 < answer.size(); i += 2) {
      versions.put(answer.get(i).split(" ")[1], Long.valueOf(answer.get(i + 1).trim()));
    }
    return versions;
  }

  /** Writes items of all small sizes, so that there is no class of items left in peace. */
  private void fill(MemcachedServer server) {
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < FILLERS; i++) {
      int size = 1 + random.nextInt(LARGEST_FILLER);
      commands.append("set filler").append(random.nextInt()).append(" 0 0 ").append(size);
      commands.append(" noreply\r\n").append("x".repeat(size)).append("\r\n");
    }
    server.command(commands.substring(0, commands.length() - 2));
  }

  /** Waits for a random time. */
  void pause(int fromMillis, int toMillis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(fromMillis, toMillis + 1));
  }
}
