/**
 * The entries of one namespace: reading, writing and iterating over them under the versions in
 * force. Operations see entries only through this package.
 */
@NullMarked
package org.memjcache.internal.entry;

import org.jspecify.annotations.NullMarked;
