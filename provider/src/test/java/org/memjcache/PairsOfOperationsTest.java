package org.memjcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.namespace.Together;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Any two operations at the same time on one entry, from two clients: what they answer and what is
 * left is what one after the other would give, in one of the two orders.
 */
@Memcached
class PairsOfOperationsTest {

  private static final int ROUNDS = 12;

  private final MemcachedServer server;
  private final List<MemcachedCachingProvider> providers =
      List.of(new MemcachedCachingProvider(), new MemcachedCachingProvider());

  PairsOfOperationsTest(MemcachedServer server) {
    this.server = server;
  }

  @AfterEach
  void close() {
    providers.forEach(MemcachedCachingProvider::close);
  }

  /** How the cache is configured, which decides on what way operations take. */
  private enum Policy {
    ETERNAL(EternalExpiryPolicy.factoryOf()),
    TOUCHED(TouchedExpiryPolicy.factoryOf(Duration.ONE_HOUR));

    final Factory<? extends ExpiryPolicy> factory;

    Policy(Factory<? extends ExpiryPolicy> factory) {
      this.factory = factory;
    }
  }

  /** What a client does, with a value of its own, and what JCache says it should do. */
  private enum Operation {
    GET {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
        return cache.get(key);
      }

      @Override
      Result on(@Nullable String old, String mine) {
        return new Result(old, old);
      }
    },
    PUT {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
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
      Object run(Cache<String, String> cache, String key, String mine) {
        return cache.getAndPut(key, mine);
      }

      @Override
      Result on(@Nullable String old, String mine) {
        return new Result(old, mine);
      }
    },
    PUT_IF_ABSENT {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
        return cache.putIfAbsent(key, mine);
      }

      @Override
      Result on(@Nullable String old, String mine) {
        return new Result(old == null, old == null ? mine : old);
      }
    },
    REPLACE {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
        return cache.replace(key, mine);
      }

      @Override
      Result on(@Nullable String old, String mine) {
        return new Result(old != null, old == null ? null : mine);
      }
    },
    REPLACE_FIRST {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
        return cache.replace(key, "first", mine);
      }

      @Override
      Result on(@Nullable String old, String mine) {
        return "first".equals(old) ? new Result(true, mine) : new Result(false, old);
      }
    },
    GET_AND_REPLACE {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
        return cache.getAndReplace(key, mine);
      }

      @Override
      Result on(@Nullable String old, String mine) {
        return new Result(old, old == null ? null : mine);
      }
    },
    REMOVE {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
        return cache.remove(key);
      }

      @Override
      Result on(@Nullable String old, String mine) {
        return new Result(old != null, null);
      }
    },
    REMOVE_FIRST {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
        return cache.remove(key, "first");
      }

      @Override
      Result on(@Nullable String old, String mine) {
        return "first".equals(old) ? new Result(true, null) : new Result(false, old);
      }
    },
    GET_AND_REMOVE {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
        return cache.getAndRemove(key);
      }

      @Override
      Result on(@Nullable String old, String mine) {
        return new Result(old, null);
      }
    },
    INVOKE_APPEND {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
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
    CLEAR {
      @Override
      Object run(Cache<String, String> cache, String key, String mine) {
        cache.clear();
        return null;
      }

      @Override
      Result on(@Nullable String old, String mine) {
        return new Result(null, null);
      }
    };

    abstract @Nullable Object run(Cache<String, String> cache, String key, String mine);

    abstract Result on(@Nullable String old, String mine);
  }

  /** What an operation answers and what it leaves. */
  private record Result(@Nullable Object answer, @Nullable String left) {}

  /** What two operations answered and what is there then. */
  private record Outcome(@Nullable Object one, @Nullable Object other, @Nullable String left) {}

  @ParameterizedTest
  @EnumSource
  void twoOperationsAtOnce_areAsOneAfterTheOther(Policy policy) {
    List<Cache<String, String>> caches = List.of(cache(0, policy), cache(1, policy));
    for (Operation one : Operation.values()) {
      for (Operation other : Operation.values()) {
        if (one.ordinal() <= other.ordinal()) {
          for (String first : Arrays.asList("first", null)) {
            requireLegal(caches, one, other, first);
          }
        }
      }
    }
  }

  private static void requireLegal(
      List<Cache<String, String>> caches, Operation one, Operation other, @Nullable String first) {
    List<Operation> operations = List.of(one, other);
    List<List<Object>> answers = List.of(new ArrayList<>(), new ArrayList<>());
    List<Outcome> outcomes = new ArrayList<>();
    CyclicBarrier barrier = new CyclicBarrier(2);
    Together.run(
        2,
        side -> {
          for (int round = 0; round < ROUNDS; round++) {
            String key = one + " " + other + " " + first + " " + round;
            Cache<String, String> cache = caches.get(side);
            if (side == 0 && first != null) {
              cache.put(key, first);
            }
            if (side == 1) {
              cache.containsKey(key); // knows the versions
            }
            barrier.await();
            answers.get(side).add(operations.get(side).run(cache, key, "mine" + side));
            barrier.await();
            if (side == 0) {
              outcomes.add(
                  new Outcome(
                      answers.get(0).get(round), answers.get(1).get(round), cache.get(key)));
            }
          }
        });
    assertThat(legal(one, other, first))
        .as(one + " and " + other + " on " + first)
        .containsAll(outcomes);
  }

  private static Set<Outcome> legal(Operation one, Operation other, @Nullable String first) {
    Result oneFirst = one.on(first, "mine0");
    Result otherSecond = other.on(oneFirst.left, "mine1");
    Result otherFirst = other.on(first, "mine1");
    Result oneSecond = one.on(otherFirst.left, "mine0");
    return new LinkedHashSet<>(
        List.of(
            new Outcome(oneFirst.answer, otherSecond.answer, otherSecond.left),
            new Outcome(oneSecond.answer, otherFirst.answer, oneSecond.left)));
  }

  private Cache<String, String> cache(int client, Policy policy) {
    URI uri = PatientUri.of(server, "application/" + policy, client);
    return providers
        .get(client)
        .getCacheManager(uri, null)
        .createCache(
            "cache",
            new MutableConfiguration<String, String>().setExpiryPolicyFactory(policy.factory));
  }
}
