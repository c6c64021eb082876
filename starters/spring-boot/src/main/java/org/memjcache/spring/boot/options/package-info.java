/** From Spring's environment to the options of MemJCache. */
@NullMarked
package org.memjcache.spring.boot.options;

import org.jspecify.annotations.NullMarked;
