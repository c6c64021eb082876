/**
 * From a change of the cache to the application's listeners: {@link
 * org.memjcache.event.EventPublisher} is the way in.
 *
 * <p>Listeners hear what this process does through its own manager. No lock is held while a
 * listener or a filter runs.
 */
@NullMarked
package org.memjcache.event;

import org.jspecify.annotations.NullMarked;
