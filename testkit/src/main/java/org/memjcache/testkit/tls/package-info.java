/**
 * How certificates for tests are written.
 *
 * <p>Not part of the test kit's API.
 */
@NullMarked
package org.memjcache.testkit.tls;

import org.jspecify.annotations.NullMarked;
