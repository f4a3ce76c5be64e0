%% One Mnesia node whose table is measured: the same words on standard input as `store-peer`, the same
%% lines of JSON as answers. erl -noshell -name kvI@ADDRESS -s kv main I NODE NODE ...
-module(kv).
-export([main/1, collect/3]).
-define(KEYS, 100000).
-define(SIZE, 100).

main([Number | Nodes]) ->
    Keys = list_to_tuple([list_to_binary(io_lib:format("key:~8..0B", [I])) || I <- lists:seq(0, ?KEYS - 1)]),
    ok = mnesia:start(),
    loop(list_to_integer(atom_to_list(Number)), Nodes, Keys).

loop(Number, Nodes, Keys) ->
    case io:get_line("") of
        eof -> halt();
        Line ->
            [Verb | Rest] = string:tokens(string:trim(Line), " "),
            Verb =:= "quit" andalso halt(),
            Fields = obey(Verb, [list_to_integer(W) || W <- Rest], {Number, Nodes, Keys}),
            Body = lists:join(",", [io_lib:format("\"~s\":~w", [K, V]) || {K, V} <- Fields]),
            io:format("{~s}~n", [Body]),
            loop(Number, Nodes, Keys)
    end.

%% The first node makes the table, with a copy in the memory of each. A node alone has it for itself.
obey("ready", Count, {0, All, _}) ->
    T = now_ns(),
    Nodes = case Count of [N] -> lists:sublist(All, N); [] -> All end,
    Others = Nodes -- [node()],
    [connect(O, 100) || O <- Others],
    Others =:= [] orelse begin {ok, _} = mnesia:change_config(extra_db_nodes, Others) end,
    {atomic, ok} = mnesia:create_table(kv, [{ram_copies, Nodes}, {attributes, [key, value]}]),
    ok = mnesia:wait_for_tables([kv], 5000),
    [{seconds, since(T)}];
obey("ready", _, _) -> [{seconds, 0.0}];
%% An empty node takes a copy of what the first one holds.
obey("join", _, {_, [First | _], _}) ->
    T = now_ns(),
    connect(First, 100),
    {ok, _} = mnesia:change_config(extra_db_nodes, [First]),
    {atomic, ok} = mnesia:add_table_copy(kv, node(), ram_copies),
    ok = mnesia:wait_for_tables([kv], 30000),
    [{seconds, since(T)}, {count, mnesia:table_info(kv, size)}];
obey("fill", [First, Count], {_, _, Keys}) ->
    T = now_ns(),
    [mnesia:dirty_write({kv, element(I rem ?KEYS + 1, Keys), rand:bytes(?SIZE)})
     || I <- lists:seq(First, First + Count - 1)],
    drain(),
    [{seconds, since(T)}];
obey("read", [Count, Threads], C) -> rates(Count, Threads, C, fun(K) -> mnesia:dirty_read(kv, K) end);
obey("etsread", [Count, Threads], C) -> rates(Count, Threads, C, fun(K) -> ets:lookup(kv, K) end);
obey("write", [Count, Threads], C) ->
    V = rand:bytes(?SIZE),
    rates(Count, Threads, C, fun(K) -> mnesia:dirty_write({kv, K, V}) end);
obey("etswrite", [Count, Threads], C) ->
    V = rand:bytes(?SIZE),
    T = ets:new(t, [set, public]),
    rates(Count, Threads, C, fun(K) -> ets:insert(T, {K, V}) end);
obey("load", [Count, Rate], {Number, _, Keys}) ->
    Begun = os:system_time(nanosecond),
    T = now_ns(),
    load(0, Count, Rate, Number, Keys, rand:bytes(?SIZE - 8), T),
    [{begun, Begun}, {rate, Count / since(T)}];
obey("drain", _, _) -> drain(), [{at, os:system_time(nanosecond)}];
obey("collect", [Count], _) ->
    Self = self(),
    P = spawn(?MODULE, collect, [Self, Count, []]),
    receive {up, P} -> ok end,
    [];
obey("collected", _, _) ->
    receive {lags, L, At} ->
        S = lists:sort(L), N = length(S),
        At1 = fun(Q) -> lists:nth(max(1, min(N, ceil(N * Q))), S) / 1000 end,
        [{p50, At1(0.5)}, {p99, At1(0.99)}, {max, At1(1)}, {at, At}]
    after 0 -> [] end;
obey("state", _, _) -> [{count, mnesia:table_info(kv, size)}, {live, length(mnesia:system_info(running_db_nodes))}];
obey("memory", _, _) ->
    W = mnesia:table_info(kv, memory) * erlang:system_info(wordsize),
    [{bytes, W}, {count, mnesia:table_info(kv, size)}];
obey(_, _, _) -> [{unknown, 1}].

connect(_, 0) -> halt(3);
connect(N, K) ->
    case net_adm:ping(N) of
        pong -> case rpc:call(N, mnesia, system_info, [is_running]) of
                    yes -> ok;
                    _ -> timer:sleep(50), connect(N, K - 1)
                end;
        pang -> timer:sleep(50), connect(N, K - 1)
    end.

drain() -> mnesia:sync_dirty(fun() -> mnesia:write({kv, <<"drain">>, <<>>}) end).

rates(Count, Threads, {_, _, Keys}, F) ->
    {Rounds, Spent} = lists:unzip([round(Count div Threads, Threads, Keys, F) || _ <- lists:seq(1, 5)]),
    Sorted = lists:sort(Rounds),
    [{rate, lists:nth(3, Sorted)}, {least, hd(Sorted)}, {most, lists:last(Sorted)},
     {spent, lists:nth(3, lists:sort(Spent))}].

%% Operations a second, and nanoseconds of the processors for one.
round(Each, Threads, Keys, F) ->
    Self = self(),
    Pids = [spawn_opt(fun() ->
                L = [element(rand:uniform(?KEYS), Keys) || _ <- lists:seq(1, Each)],
                erlang:garbage_collect(),
                Self ! {ready, self()},
                receive go -> ok end,
                lists:foreach(F, L),
                Self ! {done, self()}
            end, [{min_heap_size, 100000}]) || _ <- lists:seq(1, Threads)],
    [receive {ready, P} -> ok end || P <- Pids],
    erlang:statistics(runtime),
    T = now_ns(),
    [P ! go || P <- Pids],
    [receive {done, P} -> ok end || P <- Pids],
    Rate = Each * Threads / since(T),
    {_, Spent} = erlang:statistics(runtime),
    {Rate, Spent * 1.0e6 / (Each * Threads)}.

load(N, N, _, _, _, _, _) -> ok;
load(I, N, Rate, Number, Keys, Pad, T) ->
    Due = case Rate of 0 -> N; _ -> min(N, trunc(since(T) * Rate) + 1) end,
    due(I, Due, Number, Keys, Pad),
    Rate > 0 andalso Due < N andalso timer:sleep(1),
    load(max(I, Due), N, Rate, Number, Keys, Pad, T).

due(I, Due, _, _, _) when I >= Due -> ok;
due(I, Due, Number, Keys, Pad) ->
    K = element((I * 7919 + Number * 33333) rem ?KEYS + 1, Keys),
    mnesia:dirty_write({kv, K, <<(os:system_time(nanosecond)):64, Pad/binary>>}),
    due(I + 1, Due, Number, Keys, Pad).

collect(Parent, Count, []) ->
    {ok, _} = mnesia:subscribe({table, kv, simple}),
    Parent ! {up, self()},
    collect(Parent, Count, Count, []).
collect(Parent, _, 0, L) ->
    Parent ! {lags, L, os:system_time(nanosecond)},
    mnesia:unsubscribe({table, kv, simple});
collect(Parent, Count, Left, L) ->
    receive
        {mnesia_table_event, {write, {kv, _, <<At:64, _/binary>>}, _}} ->
            collect(Parent, Count, Left - 1, [os:system_time(nanosecond) - At | L]);
        _ -> collect(Parent, Count, Left, L)
    end.

now_ns() -> erlang:monotonic_time(nanosecond).
since(T) -> max(1, now_ns() - T) / 1.0e9.
