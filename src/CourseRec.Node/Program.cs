Console.WriteLine("courserec");
