#include "CClusterLinux.h"
