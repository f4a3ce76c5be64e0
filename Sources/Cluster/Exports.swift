@_exported public import ClusterCore
