// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.MutableEntry;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.memjcache.clear.ModelOfCaches.Outcome;
import org.memjcache.clear.ModelOfCaches.Slot;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.MemcachedServer;

/**
 * Any operations by two processes on the caches of two tenants, with anything happening to the
 * versions in memcached in between: what a cache answers is the present value, or after a loss
 * nothing, and never what was there before.
 *
 * <p>Two providers with classes of their own stand for the processes, as they share neither client
 * nor memory of versions.
 */
@Tag("slow")
@Tag("any-jdk")
class NothingComesBackTest {

  private static final AtomicInteger APPLICATIONS = new AtomicInteger();

  private static MemcachedServer server;
  private static List<IsolatedProvider> processes;

  @BeforeContainer
  static void start() {
    server = MemcachedServer.start();
    processes = List.of(new IsolatedProvider(), new IsolatedProvider());
    for (int process = 0; process < processes.size(); process++) {
      manager(process, "held/open"); // keeps the client
    }
  }

  @AfterContainer
  static void stop() {
    processes.forEach(IsolatedProvider::close);
    server.close();
  }

  @Property(tries = 60)
  void operations_answerAsAMapWould(@ForAll("operations") List<Step> steps) {
    new Run().take(steps);
  }

  @Property(tries = 60)
  void operationsAndFaults_answerThePresentValueOrNothing(@ForAll("mixed") List<Step> steps) {
    new Run().take(steps);
  }

  @Property(tries = 3)
  void operationsAndRestarts_answerThePresentValueOrNothing(@ForAll("restarts") List<Step> steps) {
    if (server.isManaged()) {
      new Run().take(steps);
    }
  }

  @Provide
  static Arbitrary<List<Step>> operations() {
    return steps(Arbitraries.of(Kind.OPERATIONS)).list().ofMinSize(20).ofMaxSize(120);
  }

  @Provide
  static Arbitrary<List<Step>> mixed() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.of(Kind.OPERATIONS)), Tuple.of(1, Arbitraries.of(Kind.FAULTS)));
    return steps(kinds).list().ofMinSize(20).ofMaxSize(120);
  }

  @Provide
  static Arbitrary<List<Step>> restarts() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.of(Kind.OPERATIONS)),
            Tuple.of(1, Arbitraries.of(Kind.RESTART)));
    return steps(kinds).list().ofSize(40);
  }

  private static Arbitrary<Step> steps(Arbitrary<Kind> kinds) {
    return Combinators.combine(
            kinds,
            Arbitraries.integers().between(0, 1),
            Arbitraries.of("Lisboa", "Porto"),
            Arbitraries.of("rooms", "guests"),
            Arbitraries.of("k1", "k2", "k3"),
            Arbitraries.integers().between(0, 2))
        .as(Step::new);
  }

  /** What happens. The faults come from outside, past both processes. */
  private enum Kind {
    GET,
    CONTAINS,
    GET_ALL,
    PUT,
    PUT_AGAIN,
    PUT_ALL,
    PUT_IF_ABSENT,
    GET_AND_PUT,
    REPLACE,
    REPLACE_IF,
    GET_AND_REPLACE,
    REMOVE,
    REMOVE_IF,
    GET_AND_REMOVE,
    REMOVE_ALL_OF,
    INVOKE_APPEND,
    INVOKE_REMOVE,
    INVOKE_READ,
    REMOVE_ALL,
    CLEAR_CACHE,
    CLEAR_TENANT,
    CLEAR_APPLICATION,
    DESTROY_CACHE,
    VERSION_LOST,
    VERSION_SET_BACK,
    FLUSH,
    RESTART;

    static final List<Kind> OPERATIONS =
        List.of(values()).subList(GET.ordinal(), DESTROY_CACHE.ordinal() + 1);
    static final List<Kind> FAULTS =
        List.of(values()).subList(VERSION_LOST.ordinal(), FLUSH.ordinal() + 1);
  }

  /**
   * One thing that happens.
   *
   * @param number the level of a fault, 0 for the application; or what else the kind needs
   */
  private record Step(
      Kind kind, int process, String tenant, String cache, String key, int number) {}

  private static CacheManager manager(int process, String path) {
    return processes.get(process).manager(LongTimeoutUri.of(server, path));
  }

  /** A process at work on a cache. */
  private record Visit(int process, String tenant, String cache) {}

  /** One application of its own, and what is known of it. */
  private static final class Run {
    private final String application = "app" + APPLICATIONS.incrementAndGet();
    private final ModelOfCaches model = new ModelOfCaches();
    private final Map<String, List<String>> usedVersions = new HashMap<>();
    private final Set<Visit> unaware = new HashSet<>();
    private int values;

    void take(List<Step> steps) {
      try {
        steps.forEach(this::take);
        for (String tenant : List.of("Lisboa", "Porto")) {
          for (String cache : List.of("rooms", "guests")) {
            for (int process = 0; process < 2; process++) {
              getAll(new Step(Kind.GET_ALL, process, tenant, cache, "k1", 0));
            }
          }
        }
      } finally {
        for (int process = 0; process < 2; process++) {
          manager(process, application + "/Lisboa").close();
          manager(process, application + "/Porto").close();
        }
      }
    }

    private void take(Step step) {
      if (step.kind.compareTo(Kind.REMOVE_ALL) < 0) {
        visit(step);
      }
      Cache<String, String> cache = cache(step);
      String key = step.key;
      Slot slot = new Slot(step.tenant, step.cache, key);
      String fresh = "v" + values++;
      switch (step.kind) {
        case GET -> model.check(slot, cache.get(key), old -> new Outcome(old, old));
        case CONTAINS ->
            model.check(slot, cache.containsKey(key), old -> new Outcome(old != null, old));
        case GET_ALL -> getAll(step);
        case PUT, PUT_AGAIN -> {
          cache.put(key, fresh);
          model.check(slot, null, old -> new Outcome(null, fresh));
        }
        case PUT_ALL -> {
          cache.putAll(Map.of("k1", fresh, "k2", fresh));
          for (String each : List.of("k1", "k2")) {
            model.check(of(step, each), null, old -> new Outcome(null, fresh));
          }
        }
        case PUT_IF_ABSENT ->
            model.check(
                slot,
                cache.putIfAbsent(key, fresh),
                old -> new Outcome(old == null, old == null ? fresh : old));
        case GET_AND_PUT ->
            model.check(slot, cache.getAndPut(key, fresh), old -> new Outcome(old, fresh));
        case REPLACE ->
            model.check(
                slot,
                cache.replace(key, fresh),
                old -> new Outcome(old != null, old == null ? null : fresh));
        case REPLACE_IF -> {
          String expected = guess(step);
          model.check(
              slot,
              cache.replace(key, expected, fresh),
              old -> new Outcome(expected.equals(old), expected.equals(old) ? fresh : old));
        }
        case GET_AND_REPLACE ->
            model.check(
                slot,
                cache.getAndReplace(key, fresh),
                old -> new Outcome(old, old == null ? null : fresh));
        case REMOVE -> model.check(slot, cache.remove(key), old -> new Outcome(old != null, null));
        case REMOVE_IF -> {
          String expected = guess(step);
          model.check(
              slot,
              cache.remove(key, expected),
              old -> new Outcome(expected.equals(old), expected.equals(old) ? null : old));
        }
        case GET_AND_REMOVE ->
            model.check(slot, cache.getAndRemove(key), old -> new Outcome(old, null));
        case REMOVE_ALL_OF -> {
          cache.removeAll(Set.of("k2", "k3"));
          for (String each : List.of("k2", "k3")) {
            model.check(of(step, each), null, old -> new Outcome(null, null));
          }
        }
        case INVOKE_APPEND ->
            model.check(
                slot,
                cache.invoke(key, new Append(), fresh),
                old -> new Outcome(old, (old == null ? "" : old) + fresh));
        case INVOKE_REMOVE ->
            model.check(slot, cache.invoke(key, new Remove()), old -> new Outcome(old, null));
        case INVOKE_READ ->
            model.check(
                slot,
                cache.invoke(key, (entry, arguments) -> entry.getValue()),
                old -> new Outcome(old, old));
        case REMOVE_ALL -> {
          cache.removeAll();
          model.cleared(beneath(step, 2)::contains);
        }
        case CLEAR_CACHE -> {
          remember(step, 2);
          cache.clear();
          model.cleared(beneath(step, 2)::contains);
        }
        case CLEAR_TENANT -> {
          remember(step, 1);
          IsolatedProvider.clear(manager(step.process, application + "/" + step.tenant));
          model.cleared(beneath(step, 1)::contains);
        }
        case CLEAR_APPLICATION -> {
          remember(step, 0);
          processes.get(step.process).clear(LongTimeoutUri.of(server, application));
          model.cleared(beneath(step, 0)::contains);
        }
        case DESTROY_CACHE -> {
          remember(step, 2);
          manager(step.process, application + "/" + step.tenant).destroyCache(step.cache);
          model.cleared(beneath(step, 2)::contains);
        }
        case VERSION_LOST -> {
          remember(step, step.number);
          server.command("delete " + versionKey(step, step.number));
          fault(beneath(step, step.number));
        }
        case VERSION_SET_BACK -> setBack(step);
        case FLUSH -> {
          server.flushAll();
          fault(beneath(step, 0));
        }
        case RESTART -> {
          server.restart();
          fault(beneath(step, 0));
          awaitConnections(step);
        }
      }
    }

    /** Takes note that a process looks at a cache, and so at the versions of all its levels. */
    private void visit(Step step) {
      if (unaware.remove(new Visit(step.process, step.tenant, step.cache))) {
        model.endangered(any -> true);
      }
    }

    private void getAll(Step step) {
      visit(step);
      Map<String, String> found = cache(step).getAll(Set.of("k1", "k2", "k3"));
      for (String key : List.of("k1", "k2", "k3")) {
        model.check(of(step, key), found.get(key), old -> new Outcome(old, old));
      }
      assertThat(found.values()).doesNotContainNull();
    }

    /** Sets a version to one that was in force before, which both processes know is past. */
    private void setBack(Step step) {
      for (int process : List.of(0, 1, 0)) { // the second may move on what the first has seen
        Step look = new Step(Kind.CONTAINS, process, step.tenant, step.cache, "any", 0);
        visit(look);
        cache(look).containsKey("any");
      }
      long present = Long.parseLong(present(step, step.number));
      String past =
          usedVersions.getOrDefault(versionKey(step, step.number), List.of()).stream()
              .filter(used -> Long.parseLong(used) < present)
              .findFirst()
              .orElse(Long.toString(present - 1));
      server.command(
          "set " + versionKey(step, step.number) + " 0 0 " + past.length() + "\r\n" + past);
      fault(beneath(step, step.number));
    }

    /**
     * Takes note of a loss. A process that comes to know of it later may move a version on, if it
     * knows a higher one than who came first: what was stored meanwhile is lost with it.
     */
    private void fault(Collection<Slot> where) {
      model.endangered(where::contains);
      for (Slot slot : where) {
        unaware.add(new Visit(0, slot.tenant(), slot.cache()));
        unaware.add(new Visit(1, slot.tenant(), slot.cache()));
      }
    }

    private void remember(Step step, int level) {
      String version = present(step, level);
      if (version != null) {
        usedVersions
            .computeIfAbsent(versionKey(step, level), any -> new ArrayList<>())
            .add(version);
      }
    }

    private String present(Step step, int level) {
      List<String> answer = server.command("get " + versionKey(step, level));
      return answer.size() == 3 ? answer.get(1) : null;
    }

    private String versionKey(Step step, int level) {
      return switch (level) {
        case 0 -> application + ":version";
        case 1 -> application + "/" + step.tenant + ":version";
        default -> application + "/" + step.tenant + "/" + step.cache + ":cache";
      };
    }

    private static Collection<Slot> beneath(Step step, int level) {
      List<Slot> slots = new ArrayList<>();
      for (String tenant : level == 0 ? List.of("Lisboa", "Porto") : List.of(step.tenant)) {
        for (String cache : level < 2 ? List.of("rooms", "guests") : List.of(step.cache)) {
          for (String key : List.of("k1", "k2", "k3")) {
            slots.add(new Slot(tenant, cache, key));
          }
        }
      }
      return slots;
    }

    private static Slot of(Step step, String key) {
      return new Slot(step.tenant, step.cache, key);
    }

    /** Returns the present value of the key, an older one, or another one. */
    private String guess(Step step) {
      String present = cache(step).get(step.key);
      model.check(of(step, step.key), present, old -> new Outcome(old, old));
      return step.number == 0 || present == null ? "v" + Math.max(0, values - 5) : present;
    }

    private Cache<String, String> cache(Step step) {
      CacheManager manager = manager(step.process, application + "/" + step.tenant);
      Cache<String, String> cache = manager.getCache(step.cache);
      return cache == null ? manager.createCache(step.cache, new MutableConfiguration<>()) : cache;
    }

    private void awaitConnections(Step step) {
      for (int process = 0; process < 2; process++) {
        Cache<String, String> cache =
            cache(new Step(Kind.GET, process, step.tenant, step.cache, "", 0));
        await("the process works again")
            .atMost(Duration.ofSeconds(10))
            .until(
                () -> {
                  try {
                    cache.containsKey("any");
                    return true;
                  } catch (CacheException e) {
                    return false;
                  }
                });
      }
    }
  }

  private static final class Append implements EntryProcessor<String, String, String> {
    @Override
    public String process(MutableEntry<String, String> entry, Object... arguments) {
      String old = entry.getValue();
      entry.setValue((old == null ? "" : old) + arguments[0]);
      return old;
    }
  }

  private static final class Remove implements EntryProcessor<String, String, String> {
    @Override
    public String process(MutableEntry<String, String> entry, Object... arguments) {
      String old = entry.getValue();
      entry.remove();
      return old;
    }
  }
}
