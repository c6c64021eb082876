// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.memjcache.conformance.Outcome.Aspect;

/**
 * The differences from the reference implementation that are wanted. Each either corrects what the
 * reference did to what this provider does, or explains why an aspect of a row can't be compared.
 *
 * <p>docs/conformance.md lists them for readers, by the names here.
 */
enum KnownDifference {

  /** memcached expires by itself and tells nobody; JCache doesn't demand these events. */
  EXPIRED_EVENTS {
    @Override
    void correct(Row row, Outcome reference) {
      reference.events.values().forEach(heard -> heard.removeIf(e -> e.startsWith("EXPIRED")));
      reference.events.values().removeIf(List::isEmpty);
    }
  },

  /**
   * An entry processor that removes what isn't there removes nothing: no REMOVED event and no
   * count. (The writer is told.)
   */
  REMOVAL_OF_NOTHING {
    @Override
    void correct(Row row, Outcome reference) {
      if (row.isAny("INVOKE_.*REMOVE.*")) {
        reference.events.forEach(
            (presence, heard) -> {
              if (presence != Presence.PRESENT) {
                heard.removeIf(event -> event.startsWith("REMOVED"));
              }
            });
        reference.events.values().removeIf(List::isEmpty);
        boolean removed =
            row.isOf(Presence.PRESENT)
                || (row.isOfSeveral() && !reference.result.contains("PRESENT=throws"));
        reference.statistics.computeIfPresent(
            "CacheRemovals", (counter, count) -> removed ? 1L : null);
      }
    }

    @Override
    boolean explains(Row row, Aspect aspect, Outcome ours, Outcome reference) {
      return aspect == Aspect.RESULT
          && row.isAny("INVOKE_.*REMOVE.*")
          && !row.isOf(Presence.PRESENT)
          && reference.threw("CacheEntryListenerException") // one that heard of the removal
          && !ours.threw("CacheEntryListenerException");
    }
  },

  /** The removal of an entry that is past its deadline isn't counted: it was gone before. */
  REMOVALS_OF_DEAD_ENTRIES {
    @Override
    void correct(Row row, Outcome reference) {
      if (row.isAny("REMOVE_ALL_KEYS") && row.situation().presences().contains(Presence.DEAD)) {
        reference.statistics.computeIfPresent(
            "CacheRemovals", (counter, count) -> count == 1 ? null : count - 1);
      }
    }
  },

  /** removeAll() tells the writer of the entries there are; one past its deadline is none. */
  WRITER_HEARS_OF_LIVE_ENTRIES {
    @Override
    void correct(Row row, Outcome reference) {
      if (row.isAny("REMOVE_ALL")) {
        reference.writerCalls.replaceAll(call -> call.replace("[DEAD, PRESENT]", "[PRESENT]"));
      }
    }
  },

  /** A policy that answers null for a creation leaves the entry eternal; there it is an error. */
  NULL_FOR_CREATION {
    @Override
    boolean explains(Row row, Aspect aspect, Outcome ours, Outcome reference) {
      return row.situation().policy() == PolicyKind.OWN_CREATION_NULL
          && reference.threw("NullPointerException")
          && !ours.threw("NullPointerException");
    }
  },

  /** getAll asks the loader once for all misses, by loadAll; there it is asked for each. */
  LOAD_AT_ONCE {
    @Override
    void correct(Row row, Outcome reference) {
      if (row.isAny("GET_ALL") && !reference.loaderCalls.isEmpty()) {
        Set<String> asked = new TreeSet<>();
        reference.loaderCalls.forEach(call -> asked.add(call.replace("load ", "")));
        if (reference.threw("CacheLoaderException")) { // gave up at the first
          asked.add(Presence.ABSENT.name());
          asked.addAll(
              row.situation().presences().contains(Presence.DEAD)
                  ? Set.of(Presence.DEAD.name())
                  : Set.of());
        }
        reference.loaderCalls.clear();
        reference.loaderCalls.add("loadAll " + asked);
      }
    }

    @Override
    boolean explains(Row row, Aspect aspect, Outcome ours, Outcome reference) {
      return row.isAny("GET_ALL")
          && ours.threw("CacheLoaderException")
          && reference.threw("CacheLoaderException")
          && (aspect == Aspect.STATISTICS || aspect == Aspect.POLICY || aspect == Aspect.EVENTS);
    }
  },

  /** A processor that removed the entry doesn't get it loaded again, which undid the removal. */
  REMOVE_THEN_GET {
    @Override
    boolean explains(Row row, Aspect aspect, Outcome ours, Outcome reference) {
      return row.isAny("INVOKE_REMOVE_GET")
          && ours.loaderCalls.isEmpty()
          && !reference.loaderCalls.isEmpty();
    }
  },

  /** The writer is told that a processor removed what the loader brought; the row would stay. */
  REMOVAL_OF_WHAT_WAS_LOADED {
    @Override
    boolean explains(Row row, Aspect aspect, Outcome ours, Outcome reference) {
      return aspect == Aspect.WRITER
          && row.isAny("INVOKE_GET_REMOVE")
          && !row.isOf(Presence.PRESENT)
          && reference.writerCalls.isEmpty()
          && ours.writerCalls.stream().allMatch(call -> call.startsWith("delete "));
    }
  },

  /** One invoke asks the loader once, also if it found nothing. */
  NOTHING_LOADED_ONCE {
    @Override
    void correct(Row row, Outcome reference) {
      if (row.isAny("INVOKE_GET_TWICE")) {
        List<String> once = reference.loaderCalls.stream().distinct().toList();
        reference.loaderCalls.clear();
        reference.loaderCalls.addAll(once);
      }
    }
  },

  /** What a processor throws is wrapped once by invokeAll, as by invoke. */
  WRAPPED_ONCE {
    @Override
    void correct(Row row, Outcome reference) {
      if (row.isAny("INVOKE_ALL_.*")) {
        reference.result =
            reference.result.replace(
                "EntryProcessorException EntryProcessorException", "EntryProcessorException");
      }
    }
  },

  /** putIfAbsent of an entry without any time is a miss: there was none. */
  PUT_IF_ABSENT_WITHOUT_TIME {
    @Override
    void correct(Row row, Outcome reference) {
      if (row.isAny("PUT_IF_ABSENT")
          && !row.isOf(Presence.PRESENT)
          && reference.result.equals("false")) {
        Long hits = reference.statistics.remove("CacheHits");
        if (hits != null) {
          reference.statistics.put("CacheMisses", hits);
        }
      }
    }
  },

  /** The writer is told first, then the policy is asked; there put asks for a creation first. */
  WRITER_BEFORE_POLICY {
    @Override
    void correct(Row row, Outcome reference) {
      if (row.isAny("PUT") && reference.threw("CacheWriterException")) {
        reference.policyCalls.remove("creation");
      }
    }
  },

  /** A CacheWriterException of the writer in a batch reaches the caller; there it is lost. */
  WRITERS_OWN_EXCEPTION {
    @Override
    void correct(Row row, Outcome reference) {
      boolean itsOwn =
          row.situation().writer() == WriterKind.FAILS_IN_JCACHES_WORDS
              || row.situation().writer() == WriterKind.FAILS_IN_PART_IN_JCACHES_WORDS;
      if (itsOwn && row.isAny("PUT_ALL|REMOVE_ALL_KEYS|REMOVE_ALL")) {
        reference.result = reference.result.replace("null", "throws CacheWriterException");
      }
    }
  },

  /** Next() that ends the entry's life leaves nothing for remove() to remove. */
  REMOVAL_AFTER_THE_LAST_ACCESS {
    @Override
    void correct(Row row, Outcome reference) {
      PolicyKind policy = row.situation().policy();
      if (row.isAny("ITERATE_AND_REMOVE")
          && (policy == PolicyKind.ACCESSED_ZERO
              || policy == PolicyKind.TOUCHED_ZERO
              || policy == PolicyKind.OWN_ACCESS_ZERO)) {
        reference.events.clear();
        reference.statistics.remove("CacheRemovals");
      }
    }
  },

  /** What was done counts, also if a listener fails afterwards. */
  FAILED_LISTENERS_COUNT {
    @Override
    boolean explains(Row row, Aspect aspect, Outcome ours, Outcome reference) {
      return aspect == Aspect.STATISTICS
          && reference.threw("CacheEntryListenerException")
          && (ours.threw("CacheEntryListenerException")
              || row.situation().listener().isAsynchronous());
    }
  },

  /** All listeners hear all events, also after one has failed. */
  ALL_EVENTS_ARE_HEARD {
    @Override
    boolean explains(Row row, Aspect aspect, Outcome ours, Outcome reference) {
      return aspect == Aspect.EVENTS
          && reference.threw("CacheEntryListenerException")
          && reference.events.entrySet().stream()
              .allMatch(e -> e.getValue().equals(ours.events.get(e.getKey())));
    }
  },

  /** An asynchronous listener that fails doesn't reach the caller. */
  ASYNCHRONOUS_FAILURES {
    @Override
    boolean explains(Row row, Aspect aspect, Outcome ours, Outcome reference) {
      return aspect == Aspect.RESULT
          && row.situation().listener() == ListenerKind.ASYNCHRONOUS_THAT_FAILS
          && reference.threw("CacheEntryListenerException")
          && !ours.threw("CacheEntryListenerException");
    }
  },

  /** invokeAll tells listeners when all is done, so it is invokeAll that throws what they throw. */
  LISTENERS_AFTER_INVOKE_ALL {
    @Override
    boolean explains(Row row, Aspect aspect, Outcome ours, Outcome reference) {
      return aspect == Aspect.RESULT
          && row.isAny("INVOKE_ALL_.*")
          && ours.result.equals("throws CacheEntryListenerException IllegalStateException")
          && reference.threw("EntryProcessorException CacheEntryListenerException");
    }
  };

  /** Changes what the reference implementation did to what this provider does instead. */
  void correct(Row row, Outcome reference) {}

  /** Returns whether this is why an aspect differs that {@link #correct} can't change. */
  boolean explains(Row row, Aspect aspect, Outcome ours, Outcome reference) {
    return false;
  }
}
