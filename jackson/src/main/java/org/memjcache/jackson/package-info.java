/** Serializers that keep the values of caches as JSON, by Jackson. */
@NullMarked
package org.memjcache.jackson;

import org.jspecify.annotations.NullMarked;
