/**
 * Keys, values, classes, class loaders, modules and callbacks of the application: all are taken or
 * refused with an error, and none of them holds up others.
 */
@NullMarked
package org.memjcache.usercode;

import org.jspecify.annotations.NullMarked;
