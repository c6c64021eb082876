/**
 * After a clear no process sees what was there before it: not by a late load, a lost version, or a
 * version that was set back.
 */
@NullMarked
package org.memjcache.clear;

import org.jspecify.annotations.NullMarked;
