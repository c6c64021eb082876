/** Texts from outside in keys, URIs and error messages. Depends on nothing. */
@NullMarked
package org.memjcache.internal.text;

import org.jspecify.annotations.NullMarked;
