// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.server;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Endpoints;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;
import org.memjcache.testkit.server.Ports;

/** The servers that some contestants need, empty at first. */
public final class Servers implements AutoCloseable {

  /** Memory for a million entries, and for a million more that were cleared. */
  private static final int MEMCACHED_MEGABYTES = 2048;

  private static final List<String> MEMBER_OPTIONS = List.of("-Xms1g", "-Xmx4g");

  /** What a proxy records isn't looked at, and would fill the memory. */
  private static final int FORGET_MILLIS = 200;

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final List<String> versions = new ArrayList<>();
  private @Nullable String memcached;
  private @Nullable String memcachedTls;
  private @Nullable String redis;
  private @Nullable String hazelcast;

  private Servers() {}

  /**
   * Starts the servers of contestants and returns when all respond.
   *
   * @param contestants who takes part
   * @param distance how much longer each response takes from memcached than on one machine
   * @return the servers
   * @throws UnsupportedOperationException if one needs TLS, and the memcached here has none
   */
  public static Servers start(Collection<ContestantKind> contestants, Duration distance) {
    Servers servers = new Servers();
    try {
      if (contestants.stream().anyMatch(ContestantKind::isInMemcached)) {
        servers.startMemcached(distance);
      }
      if (contestants.stream().anyMatch(ContestantKind::isOverTls)) {
        servers.startMemcachedTls();
      }
      if (contestants.stream().anyMatch(ContestantKind::isInRedis)) {
        servers.startRedis();
      }
      if (contestants.stream().anyMatch(ContestantKind::isInHazelcast)) {
        servers.startHazelcast();
      }
      return servers;
    } catch (RuntimeException | Error e) {
      servers.close();
      throw e;
    }
  }

  private void startMemcached(Duration distance) {
    MemcachedServer server = MemcachedServer.builder().memoryMegabytes(MEMCACHED_MEGABYTES).start();
    started.push(server);
    memcached = distance.isZero() ? server.address() : startNetwork(server, distance);
    versions.add("memcached " + server.stats().get("version"));
  }

  private String startNetwork(MemcachedServer server, Duration distance) {
    RecordingProxy proxy = RecordingProxy.start(server);
    started.push(proxy);
    proxy.delay(distance);
    ScheduledExecutorService forgetting = Executors.newSingleThreadScheduledExecutor();
    started.push(forgetting::shutdownNow);
    Future<?> unused =
        forgetting.scheduleWithFixedDelay(
            proxy::reset, FORGET_MILLIS, FORGET_MILLIS, TimeUnit.MILLISECONDS);
    return proxy.address();
  }

  private void startMemcachedTls() {
    MemcachedServer server =
        MemcachedServer.builder().memoryMegabytes(MEMCACHED_MEGABYTES).tls().start();
    started.push(server);
    memcachedTls = server.uri("/").toString();
  }

  private void startRedis() {
    RedisServer server = RedisServer.start();
    started.push(server);
    redis = server.address();
    versions.add(server.version());
  }

  private void startHazelcast() {
    int port = Ports.reserve();
    started.push(() -> Ports.release(port));
    ChildJvm member =
        ChildJvm.start(HazelcastMember.class, MEMBER_OPTIONS, List.of(Integer.toString(port)));
    started.push(member);
    member.hear();
    hazelcast = "127.0.0.1:" + port;
  }

  /**
   * Returns where the servers are.
   *
   * @return the addresses
   */
  public Endpoints endpoints() {
    return new Endpoints(memcached, memcachedTls, redis, hazelcast);
  }

  /**
   * Returns the servers' names and versions.
   *
   * @return name and version of each
   */
  public List<String> versions() {
    return List.copyOf(versions);
  }

  /** Stops all servers. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        System.err.println("A server did not stop cleanly: " + e);
      }
    }
  }
}
