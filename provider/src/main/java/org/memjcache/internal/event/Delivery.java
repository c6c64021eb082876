package org.memjcache.internal.event;

import java.util.List;
import javax.cache.event.EventType;

/**
 * The events that a listener gets by one call: at least one, all of one type, in the order of
 * occurrence.
 */
record Delivery<K, V>(EventType type, List<MemcachedEntryEvent<K, V>> events) {}
