package org.memjcache.support;

import java.util.HashMap;
import java.util.Map;
import javax.cache.integration.CacheLoader;

/** Loads what is in a map. */
public record MapLoader(Map<String, String> values) implements CacheLoader<String, String> {

  @Override
  public String load(String key) {
    return values.get(key);
  }

  @Override
  public Map<String, String> loadAll(Iterable<? extends String> keys) {
    Map<String, String> loaded = new HashMap<>();
    for (String key : keys) {
      if (values.containsKey(key)) {
        loaded.put(key, values.get(key));
      }
    }
    return loaded;
  }
}
