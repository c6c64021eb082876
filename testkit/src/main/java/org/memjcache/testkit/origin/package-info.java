/**
 * Decides where memcached comes from: one class for each way, and the order among them.
 *
 * <p>Not part of the test kit's API.
 */
@NullMarked
package org.memjcache.testkit.origin;

import org.jspecify.annotations.NullMarked;
