// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeoutException;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.exception.MemcachedException;
import org.jspecify.annotations.Nullable;

/**
 * The usual recipe: read the version, write it again so that it stays, then perform the operation.
 * Three round trips, and not even correct.
 */
final class NaiveNamespace implements Contestant {

  private static final String VERSION_KEY = "naive:version";

  private final MemcachedClient client;

  NaiveNamespace(String address) {
    try {
      client = new XMemcachedClientBuilder(address).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable String get(String key) {
    try {
      return client.get(itemKey(key));
    } catch (TimeoutException | MemcachedException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void put(String key, String value) {
    try {
      client.set(itemKey(key), 0, value);
    } catch (TimeoutException | MemcachedException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String itemKey(String key)
      throws TimeoutException, MemcachedException, InterruptedException {
    String version = client.get(VERSION_KEY);
    if (version == null) {
      version = "1";
    }
    client.set(VERSION_KEY, 0, version);
    return "naive:" + version + ":" + key;
  }

  @Override
  public void close() {
    try {
      client.shutdown();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
