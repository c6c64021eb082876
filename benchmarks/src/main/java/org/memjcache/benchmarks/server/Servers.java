// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.server;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Endpoints;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.server.Ports;

/** The servers that some contestants need, empty at first. */
public final class Servers implements AutoCloseable {

  /** Memory for a million entries, and for a million more that were cleared. */
  private static final int MEMCACHED_MEGABYTES = 2048;

  private static final List<String> MEMBER_OPTIONS = List.of("-Xms1g", "-Xmx4g");

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
   * @return the servers
   * @throws UnsupportedOperationException if one needs TLS, and the memcached here has none
   */
  public static Servers start(Collection<ContestantKind> contestants) {
    Servers servers = new Servers();
    try {
      if (contestants.stream().anyMatch(ContestantKind::isInMemcached)) {
        servers.startMemcached();
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

  private void startMemcached() {
    MemcachedServer server = MemcachedServer.builder().memoryMegabytes(MEMCACHED_MEGABYTES).start();
    started.push(server);
    memcached = server.address();
    versions.add("memcached " + server.stats().get("version"));
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
