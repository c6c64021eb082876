/**
 * From a change of the cache to the listeners of the application: {@link EventPublisher} is the way
 * in. No lock is held while a listener or a filter runs.
 */
@NullMarked
package org.memjcache.internal.event;

import org.jspecify.annotations.NullMarked;
