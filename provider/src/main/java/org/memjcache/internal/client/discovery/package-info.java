/**
 * Servers that come and go: a {@link Discovery} looks up again and again which servers a service
 * has, and hands over the list whenever it has changed.
 */
@NullMarked
package org.memjcache.internal.client.discovery;

import org.jspecify.annotations.NullMarked;
