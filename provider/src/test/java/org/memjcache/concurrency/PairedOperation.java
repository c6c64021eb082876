// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/** What a client does to one entry, with a value of its own, and what JCache says it should do. */
public enum PairedOperation {
  GET {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.get(key);
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old, old);
    }
  },
  PUT {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      cache.put(key, mine);
      return null;
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(null, mine);
    }
  },
  GET_AND_PUT {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.getAndPut(key, mine);
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old, mine);
    }
  },
  PUT_IF_ABSENT {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.putIfAbsent(key, mine);
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old == null, old == null ? mine : old);
    }
  },
  REPLACE {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.replace(key, mine);
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old != null, old == null ? null : mine);
    }
  },
  REPLACE_FIRST {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.replace(key, "first", mine);
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return "first".equals(old) ? new Result(true, mine) : new Result(false, old);
    }
  },
  GET_AND_REPLACE {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.getAndReplace(key, mine);
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old, old == null ? null : mine);
    }
  },
  REMOVE {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.remove(key);
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old != null, null);
    }
  },
  REMOVE_FIRST {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.remove(key, "first");
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return "first".equals(old) ? new Result(true, null) : new Result(false, old);
    }
  },
  GET_AND_REMOVE {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.getAndRemove(key);
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old, null);
    }
  },
  INVOKE_APPEND {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.invoke(
          key,
          (entry, arguments) -> {
            String old = entry.getValue();
            entry.setValue(old + "+" + mine);
            return old;
          });
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old, old + "+" + mine);
    }
  },
  CONTAINS_KEY {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.containsKey(key);
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old != null, old);
    }
  },
  GET_ALL {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.getAll(Set.of(key)).get(key);
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old, old);
    }
  },
  PUT_ALL {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      cache.putAll(Map.of(key, mine));
      return null;
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(null, mine);
    }
  },
  REMOVE_ALL_KEYS {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      cache.removeAll(Set.of(key));
      return null;
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(null, null);
    }
  },
  INVOKE_REMOVE {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      return cache.invoke(
          key,
          (entry, arguments) -> {
            String old = entry.getValue();
            entry.remove();
            return old;
          });
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old, null);
    }
  },
  INVOKE_ALL_APPEND {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      EntryProcessorResult<String> result =
          cache
              .<String>invokeAll(
                  Set.of(key),
                  (entry, arguments) -> {
                    String old = entry.getValue();
                    entry.setValue(old + "+" + mine);
                    return old;
                  })
              .get(key);
      return result == null ? null : result.get();
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(old, old + "+" + mine);
    }
  },
  REMOVE_ALL {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      cache.removeAll();
      return null;
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(null, null);
    }
  },
  CLEAR {
    @Override
    public Object run(Cache<String, String> cache, String key, String mine) {
      cache.clear();
      return null;
    }

    @Override
    Result on(@Nullable String old, String mine) {
      return new Result(null, null);
    }
  };

  public abstract @Nullable Object run(Cache<String, String> cache, String key, String mine);

  abstract Result on(@Nullable String old, String mine);

  /** What an operation answers and what it leaves. */
  record Result(@Nullable Object answer, @Nullable String left) {}
}
