// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.cache.Cache;
import javax.cache.integration.CacheWriter;

/** A writer that remembers what it was told. */
public final class RecordingWriter implements CacheWriter<Object, Object> {

  private final List<String> calls = new ArrayList<>();

  public List<String> calls() {
    return List.copyOf(calls);
  }

  public void clear() {
    calls.clear();
  }

  @Override
  public void write(Cache.Entry<? extends Object, ? extends Object> entry) {
    calls.add("write " + entry.getKey());
  }

  @Override
  public void writeAll(Collection<Cache.Entry<? extends Object, ? extends Object>> entries) {
    calls.add(
        "writeAll "
            + entries.stream().map(Cache.Entry::getKey).map(Objects::toString).sorted().toList());
    entries.clear();
  }

  @Override
  public void delete(Object key) {
    calls.add("delete " + key);
  }

  @Override
  public void deleteAll(Collection<?> keys) {
    calls.add("deleteAll " + keys.stream().map(Objects::toString).sorted().toList());
    keys.clear();
  }
}
