// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.cache.Cache;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/** A writer that remembers what it was told. */
public final class RecordingWriter implements CacheWriter<Object, Object> {

  private final List<String> calls = new ArrayList<>();
  private @Nullable Error failure;
  private @Nullable Object refused;

  public List<String> calls() {
    return List.copyOf(calls);
  }

  /** Has each call end by an Error from now on. */
  public void failWith(Error error) {
    failure = error;
  }

  /** Takes all but this key from now on, where it is told of several. */
  public void refuse(Object key) {
    refused = key;
  }

  private void add(String call) {
    calls.add(call);
    if (failure != null) {
      throw failure;
    }
  }

  public void clear() {
    calls.clear();
  }

  @Override
  public void write(Cache.Entry<? extends Object, ? extends Object> entry) {
    add("write " + entry.getKey());
  }

  @Override
  public void writeAll(Collection<Cache.Entry<? extends Object, ? extends Object>> entries) {
    add(
        "writeAll "
            + entries.stream().map(Cache.Entry::getKey).map(Objects::toString).sorted().toList());
    entries.removeIf(entry -> !entry.getKey().equals(refused));
    requireNone(entries);
  }

  @Override
  public void delete(Object key) {
    add("delete " + key);
  }

  @Override
  public void deleteAll(Collection<?> keys) {
    add("deleteAll " + keys.stream().map(Objects::toString).sorted().toList());
    keys.removeIf(key -> !key.equals(refused));
    requireNone(keys);
  }

  private void requireNone(Collection<?> left) {
    if (!left.isEmpty()) {
      throw new CacheWriterException("the writer doesn't take " + refused);
    }
  }
}
