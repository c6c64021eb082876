// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import org.jspecify.annotations.Nullable;

/** The cache loaders of the table. */
enum LoaderKind {
  NONE,
  LOADS,
  /** Is there for {@code loadAll}, but not asked for misses. */
  LOADS_WITHOUT_READ_THROUGH,
  FINDS_NOTHING,
  FAILS;

  void configure(MutableConfiguration<String, String> configuration, PluginRecorder recorder) {
    if (this != NONE) {
      configuration
          .setReadThrough(this != LOADS_WITHOUT_READ_THROUGH)
          .setCacheLoaderFactory(() -> new Loader(this, recorder));
    }
  }

  private record Loader(LoaderKind kind, PluginRecorder recorder)
      implements CacheLoader<String, String> {

    @Override
    public @Nullable String load(String key) {
      recorder.loaded("load " + Presence.of(key));
      return value();
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      TreeSet<String> asked = new TreeSet<>();
      Map<String, String> loaded = new HashMap<>();
      for (String key : keys) {
        asked.add(Presence.of(key).toString());
        loaded.put(key, "");
      }
      recorder.loaded("loadAll " + asked);
      String value = value();
      if (value == null) {
        return new HashMap<>();
      }
      loaded.replaceAll((key, none) -> value);
      return loaded;
    }

    private @Nullable String value() {
      if (!recorder.isMeasuring() || kind == FINDS_NOTHING) {
        return null;
      }
      if (kind == FAILS) {
        throw new IllegalStateException("the loader fails");
      }
      return "loaded";
    }
  }
}
