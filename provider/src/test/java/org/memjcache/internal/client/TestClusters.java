// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.testkit.MemcachedServer;

/** Shorthand for tests that talk to servers. */
public final class TestClusters {

  private TestClusters() {}

  public static ServerAddress address(MemcachedServer server) {
    return new ServerAddress(server.host(), server.port());
  }

  /** Returns the list of the servers that are used, as a server keeps it. */
  public static String members(MemcachedServer server) {
    List<String> item = server.command("get memjcache:servers");
    return String.join("\n", item.subList(1, item.size() - 1));
  }

  /** Changes that list, as another process does. */
  public static void changeMembers(MemcachedServer server, UnaryOperator<String> change) {
    String before = members(server);
    String list = change.apply(before);
    assertThat(list).isNotEqualTo(before);
    server.command("set memjcache:servers 0 0 " + list.length() + "\r\n" + list);
  }

  /** Returns settings with these servers and an operation timeout in milliseconds. */
  public static ClusterSettings settings(int operationMillis, ServerAddress... servers) {
    return new ClusterSettings(
        List.of(servers), Duration.ofMillis(operationMillis), ClusterSettings.DEFAULT_TIMEOUT, 1);
  }

  /** Returns a cluster that nobody else shares. */
  public static Cluster cluster(ClusterSettings settings) {
    return new Cluster(settings);
  }

  public static StoreRequest.Result set(Cluster cluster, String key, String value) {
    return run(cluster, StoreRequest.set(key, 0, 0, Wire.bytes(value))).result();
  }

  /** Returns the value of a key, or null. */
  public static String get(Cluster cluster, String key) {
    Item item = run(cluster, new GetRequest(List.of(key), false)).item(0);
    return item == null ? null : Wire.text(item.data());
  }

  static Item gets(Cluster cluster, String key) {
    return run(cluster, new GetRequest(List.of(key), true)).item(0);
  }

  /** Runs one request to the first server. */
  static <R extends Request> R run(Cluster cluster, R request) {
    cluster.newRoundTrip(new Operation("test")).add(0, request).run();
    return request;
  }

  /** Waits until a condition holds, and returns how long that took. */
  public static Duration await(Duration atMost, BooleanSupplier condition) {
    long start = System.nanoTime();
    Awaitility.await()
        .atMost(atMost)
        .pollInterval(Duration.ofMillis(10))
        .until(condition::getAsBoolean);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Returns whether a trip succeeds at present. */
  public static boolean works(Cluster cluster) {
    try {
      get(cluster, "whatever");
      return true;
    } catch (RequestFailedException e) {
      return false;
    }
  }

  /** Runs an action that is to fail, and returns how it did. */
  static RequestFailedException failure(Runnable action) {
    AtomicReference<RequestFailedException> caught = new AtomicReference<>();
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(action::run)
        .satisfies(caught::set);
    return caught.get();
  }
}
