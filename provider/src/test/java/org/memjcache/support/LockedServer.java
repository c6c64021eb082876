// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import static org.junit.jupiter.api.Assumptions.abort;

import java.net.URI;
import java.util.Properties;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * A memcached server that lets only Alice in, behind a recording proxy, and a provider of its own.
 * To be closed after use.
 */
public final class LockedServer implements AutoCloseable {

  public static final String USER = "alice";
  public static final String PASSWORD = "opensesame4711";

  /** How Alice gets in. */
  public enum Lock {
    TEXT("text"),
    SASL("binary"),

    /** Everybody gets in. */
    OPEN_TEXT("text"),

    /** Everybody gets in. */
    OPEN_BINARY("binary");

    public final String protocol;

    Lock(String protocol) {
      this.protocol = protocol;
    }
  }

  private final Lock lock;
  private final MemcachedServer server;
  private final RecordingProxy proxy;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  /** Starts a server; skips the test, with the reason, where none can be started like that. */
  public LockedServer(Lock lock) {
    this.lock = lock;
    MemcachedServer.Builder builder = MemcachedServer.builder();
    switch (lock) {
      case TEXT -> builder.textLogin(USER, PASSWORD);
      case SASL -> builder.saslLogin(USER, PASSWORD);
      case OPEN_TEXT, OPEN_BINARY -> {}
    }
    server = start(builder);
    proxy = RecordingProxy.start(server);
  }

  private static MemcachedServer start(MemcachedServer.Builder builder) {
    try {
      return builder.start();
    } catch (UnsupportedOperationException e) {
      return abort("Skipped: " + e.getMessage());
    }
  }

  public MemcachedServer server() {
    return server;
  }

  public RecordingProxy proxy() {
    return proxy;
  }

  public MemcachedCachingProvider provider() {
    return provider;
  }

  /** Opens the manager of a path as Alice. */
  public MemcachedCacheManager manager(String path) {
    return manager(path, options(USER, PASSWORD));
  }

  public MemcachedCacheManager manager(String path, Properties options) {
    return provider.getCacheManager(uri(path), null, options);
  }

  public URI uri(String path) {
    return proxy.uri(path);
  }

  /** Returns options for the server's protocol, and for nobody. */
  public Properties options() {
    Properties options = new Properties();
    options.setProperty("memjcache.protocol", lock.protocol);
    options.setProperty("memjcache.timeout", "20s");
    options.setProperty("memjcache.connectTimeout", "20s");
    return options;
  }

  public Properties options(String user, String password) {
    Properties options = options();
    options.setProperty("memjcache.user", user);
    options.setProperty("memjcache.password", password);
    return options;
  }

  @Override
  public void close() {
    provider.close();
    proxy.close();
    server.close();
  }
}
