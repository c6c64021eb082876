// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * A memcached server behind a recording proxy, and a provider of its own. To be closed after use.
 */
public final class RecordedServer implements AutoCloseable {

  private final MemcachedServer server = MemcachedServer.start();
  private final RecordingProxy proxy = RecordingProxy.start(server);
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  public MemcachedServer server() {
    return server;
  }

  public RecordingProxy proxy() {
    return proxy;
  }

  public MemcachedCachingProvider provider() {
    return provider;
  }

  /** Opens the manager of a path, through the proxy. */
  public MemcachedCacheManager manager(String path) {
    return provider.getCacheManager(uri(path), null);
  }

  /** Returns the URI of a path, through the proxy and patient with a machine that is busy. */
  public URI uri(String path) {
    return proxy.uri(path + "?timeout=20s&connectTimeout=20s");
  }

  /** Runs something and returns what it cost on the wire. */
  public Cost costOf(Runnable work) {
    proxy.reset();
    work.run();
    return new Cost(proxy.roundTrips(), summary(proxy.requests()));
  }

  /**
   * What something cost.
   *
   * @param roundTrips how often somebody waited for the network
   * @param commands the commands, those of a kind that follow each other in one: {@code [get, set x
   *     100]}
   */
  public record Cost(int roundTrips, List<String> commands) {}

  private static List<String> summary(List<String> lines) {
    List<String> commands = new ArrayList<>();
    int from = 0;
    while (from < lines.size()) {
      String command = command(lines.get(from));
      int to = from;
      while (to < lines.size() && command(lines.get(to)).equals(command)) {
        to++;
      }
      commands.add(to - from == 1 ? command : command + " x " + (to - from));
      from = to;
    }
    return commands;
  }

  private static String command(String line) {
    return line.split(" ", 2)[0];
  }

  @Override
  public void close() {
    provider.close();
    proxy.close();
    server.close();
  }
}
