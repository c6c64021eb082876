// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import net.rubyeye.xmemcached.GetsResponse;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.exception.MemcachedException;
import org.jspecify.annotations.Nullable;

/**
 * xmemcached's client with its defaults, but for the number of connections, and its own
 * serialization of texts. It has no putAll, so it puts one by one.
 */
final class BareXmemcached implements Contestant {

  private final MemcachedClient client;

  BareXmemcached(String address, int connections) {
    XMemcachedClientBuilder builder = new XMemcachedClientBuilder(address);
    builder.setConnectionPoolSize(connections);
    try {
      client = builder.build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable String get(String key) {
    return run(() -> client.get(key));
  }

  @Override
  public void put(String key, String value) {
    run(() -> client.set(key, 0, value));
  }

  @Override
  public boolean putIfAbsent(String key, String value) {
    return run(() -> client.add(key, 0, value));
  }

  /** Reads, then compares and swaps, as an entry processor must. */
  @Override
  public long increment(String key) {
    return run(
        () -> {
          while (true) {
            GetsResponse<Long> old = client.gets(key);
            if (old == null) {
              if (client.add(key, 0, 1L)) {
                return 1L;
              }
            } else if (client.cas(key, 0, old.getValue() + 1, old.getCas())) {
              return old.getValue() + 1;
            }
          }
        });
  }

  @Override
  public Map<String, String> getAll(Set<String> keys) {
    return run(() -> client.get(keys));
  }

  @Override
  public void close() {
    try {
      client.shutdown();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T run(Call<T> call) {
    try {
      return call.call();
    } catch (TimeoutException | MemcachedException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private interface Call<T> {
    T call() throws TimeoutException, MemcachedException, InterruptedException;
  }
}
