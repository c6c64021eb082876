// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.cache.configuration.MutableConfiguration;

/** The configuration of one cache of the table. */
record Situation(
    PolicyKind policy,
    ListenerKind listener,
    WriterKind writer,
    LoaderKind loader,
    boolean statistics) {

  /**
   * Returns all situations of the table: every policy with and without a listener, and with and
   * without writer and loader; and every listener, writer and loader with some policies.
   */
  static Set<Situation> all() {
    Set<Situation> all = new LinkedHashSet<>();
    for (PolicyKind policy : PolicyKind.values()) {
      for (ListenerKind listener : List.of(ListenerKind.NONE, ListenerKind.SYNCHRONOUS)) {
        all.add(new Situation(policy, listener, WriterKind.NONE, LoaderKind.NONE, true));
        all.add(new Situation(policy, listener, WriterKind.WORKS, LoaderKind.LOADS, true));
      }
    }
    for (PolicyKind policy :
        List.of(
            PolicyKind.ETERNAL,
            PolicyKind.CREATED,
            PolicyKind.OWN,
            PolicyKind.OWN_CREATION_ZERO,
            PolicyKind.OWN_UPDATE_ZERO)) {
      for (ListenerKind listener : ListenerKind.values()) {
        if (listener != ListenerKind.ASYNCHRONOUS_THAT_FAILS || policy == PolicyKind.ETERNAL) {
          all.add(new Situation(policy, listener, WriterKind.NONE, LoaderKind.NONE, true));
        }
      }
      for (ListenerKind listener : List.of(ListenerKind.NONE, ListenerKind.SYNCHRONOUS)) {
        for (WriterKind writer : WriterKind.values()) {
          all.add(new Situation(policy, listener, writer, LoaderKind.NONE, true));
        }
        for (LoaderKind loader : LoaderKind.values()) {
          all.add(new Situation(policy, listener, WriterKind.NONE, loader, true));
        }
      }
      all.add(
          new Situation(
              policy, ListenerKind.SYNCHRONOUS, WriterKind.WORKS, LoaderKind.LOADS, false));
    }
    return all;
  }

  /** Returns whether the table has rows of this operation. */
  boolean takes(Operation operation) {
    if (listener == ListenerKind.ASYNCHRONOUS_THAT_FAILS) { // each failure is a page in the log
      return operation == Operation.PUT || operation == Operation.REMOVE;
    }
    return policy == PolicyKind.ETERNAL || !operation.isOfNull();
  }

  /** Returns whether the table has rows of operations on the whole cache. */
  boolean takesOperationsOnAll() {
    return loader == LoaderKind.NONE // loaders have no part in them
        && listener != ListenerKind.ASYNCHRONOUS_THAT_FAILS;
  }

  /** Returns what can be under a key: where nothing ever expires, nothing is dead. */
  List<Presence> presences() {
    List<Presence> presences = new ArrayList<>(List.of(Presence.values()));
    if (policy == PolicyKind.ETERNAL) {
      presences.remove(Presence.DEAD);
    }
    return presences;
  }

  MutableConfiguration<String, String> configuration(PluginRecorder recorder) {
    MutableConfiguration<String, String> configuration =
        new MutableConfiguration<String, String>()
            .setTypes(String.class, String.class)
            .setExpiryPolicyFactory(() -> policy.policy(recorder))
            .setStatisticsEnabled(statistics);
    listener.configuration(recorder).ifPresent(configuration::addCacheEntryListenerConfiguration);
    writer.configure(configuration, recorder);
    loader.configure(configuration, recorder);
    return configuration;
  }

  @Override
  public String toString() {
    return "policy "
        + policy
        + ", listener "
        + listener
        + ", writer "
        + writer
        + ", loader "
        + loader
        + (statistics ? "" : ", no statistics");
  }
}
