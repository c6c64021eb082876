/**
 * What the ways to run a memcached have in common: its settings, its handle, its text protocol.
 *
 * <p>Not part of the test kit's API.
 */
@NullMarked
package org.memjcache.testkit.server;

import org.jspecify.annotations.NullMarked;
